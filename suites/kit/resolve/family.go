package resolve

import (
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// inFamily keeps the addresses that the hint asked for, in their order and once each. An
// IPv4-mapped address is an IPv4 answer in disguise: getent and package net ask for AF_INET6 with
// AI_V4MAPPED, which turns "there is none" into one (RFC 3493 6.1). Nothing left means that the
// answer was no.
func inFamily(op string, all []netip.Addr, family string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, a := range all {
		if a.Is4In6() && family != "ip6" {
			a = a.Unmap()
		}
		wanted := family == "ip" || a.Is4() == (family == "ip4")
		if wanted && !a.Is4In6() && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return nil, &Error{Op: op, Outcome: observation.NoAnswer}
	}
	return out, nil
}
