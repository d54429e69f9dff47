package ipv6

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.lla.lo",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.1"), claim.RFC(4291, "2.5.3"), claim.RFC(4291, "2.8")},
		Note: `"All interfaces are required to have at least one Link-Local unicast address"; of ::1 it says that it "may be thought of as ` +
			`the Link-Local unicast address" of the loopback interface`},
	Sentence: "The loopback interface has a link-local address that can be reached, or ::1, which stands for one.",
	Question: "Does lo have an address in fe80::/10?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "lo-without-::1",
	Behaviours: []claim.Behaviour{
		{Word: "link-local", Means: "a loopback interface lists a link-local address, and a connection to it reaches the listener there", Conforms: true},
		{Word: "only-::1", Means: "no loopback interface lists a link-local address, and one lists ::1", Conforms: true},
		{Word: "unreachable", Means: "a loopback interface lists a link-local address, and a connection to it fails"},
		{Word: "none", Means: "no loopback interface lists a link-local address, nor ::1"},
	},
	Rule: linkLocal,
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	seen := link.Addresses(h)
	var here []netip.Addr
	for _, p := range h.Lo().Addresses {
		if p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() {
			here = append(here, p.Addr().WithZone(strconv.Itoa(h.Lo().Index)))
		}
	}
	return append(seen, probe.DialOwn(h, "", here)...)
})

func linkLocal(seen observation.Set) claim.Answer {
	dialled := seen.Op("connect")
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing of the interfaces")
	case len(dialled) == 0 && slices.ContainsFunc(seen.Op("address").Variant(link.OnLoopback).Targets(), isOne6):
		return claim.Shows("only-::1", "listed on %s", strings.Join(seen.Op("interface").Targets(), ", "))
	case len(dialled) == 0:
		return claim.Shows("none", "none is listed on %s", strings.Join(seen.Op("interface").Targets(), ", "))
	case len(dialled.Outcome(observation.OK)) > 0:
		return claim.Shows("link-local", "%s", strings.Join(dialled.Outcome(observation.OK).Targets(), ", "))
	default:
		return claim.Shows("unreachable", "%s gave %s", strings.Join(dialled.Targets(), ", "), strings.Join(dialled.Errors(), ", "))
	}
}

// isOne6 reports whether an address with its prefix is ::1.
func isOne6(text string) bool { return strings.HasPrefix(text, "::1/") }
