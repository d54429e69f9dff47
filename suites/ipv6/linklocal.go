package ipv6

import (
	"net/netip"
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
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.1"), claim.RFC(4291, "2.8")},
		Note: `read literally: "All interfaces are required to have at least one Link-Local unicast address"; ` +
			"a reader may hold that ::1, which has link-local scope (2.5.3), is that address"},
	Sentence: "The loopback interface has a link-local address, and it can be reached.",
	Question: "Does lo have an address in fe80::/10?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "lo-link-local",
	Behaviours: []claim.Behaviour{
		{Word: "link-local", Means: "a loopback interface lists a link-local address, and a connection to it reaches the listener there", Conforms: true},
		{Word: "unreachable", Means: "a loopback interface lists a link-local address, and a connection to it fails"},
		{Word: "none", Means: "no loopback interface lists a link-local address"},
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
	case len(dialled) == 0:
		return claim.Shows("none", "none is listed on %s", strings.Join(seen.Op("interface").Targets(), ", "))
	case len(dialled.Outcome(observation.OK)) > 0:
		return claim.Shows("link-local", "%s", strings.Join(dialled.Outcome(observation.OK).Targets(), ", "))
	default:
		return claim.Shows("unreachable", "%s gave %s", strings.Join(dialled.Targets(), ", "), strings.Join(dialled.Errors(), ", "))
	}
}
