package ipv6

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/outbound"
	"github.com/loopmatrix/loopmatrix/suites/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.egress.dst",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: `"An IPv6 packet with a destination address of loopback must never be sent outside of a single node"`},
	Sentence: "No packet to ::1 leaves the host, not from a socket that is tied to an interface and not while lo is down.",
	Question: "Can a packet to ::1 ever reach the network?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged, claim.Neighbour},
	Behaviours: append(neverOutside("the cable carries no packet to ::1", "the cable carries packets to ::1 from an ordinary socket"),
		claim.Behaviour{Word: "leaves-if-bound", Means: "the cable carries packets to ::1 from sockets that are tied to an interface"},
		claim.Behaviour{Word: "leaves-if-down", Means: "the cable carries packets to ::1 while lo is down"}),
	Rule:  oneAsDestination,
	Fault: "lo-down",
}, outbound.BothWays(host.Arrangement{}, func(h *host.Host) observe.Set {
	needAddress(h, h.Cable().Host.IPv6)
	seen := toOne(h, "")
	h.Expect(h.Admin.SetUp(h.Lo().Index, false)).To(gomega.Succeed(), "take lo down")
	return append(seen, toOne(h, loDown)...)
})...)

// loDown is the variant of what was sent after lo was taken down.
const loDown = "lo down"

// toOne sends to ::1 from ordinary sockets and from those that are tied to the cable.
func toOne(h *host.Host, state string) observe.Set {
	prefix := ""
	if state != "" {
		prefix = state + ", "
	}
	seen := probe.Emit(h, h.Cable(), outbound.EveryProtocol(state, nil, host.One6))
	return append(seen, outbound.EmitTied(h, prefix, func(int) []netip.Addr { return []netip.Addr{host.One6} })...)
}

// oneAsDestination reads whether anything to ::1 was seen on the cable, a solicitation for it included, and what it took.
func oneAsDestination(seen observe.Set) claim.Answer {
	watched, crossed := seen.Op("wire"), outbound.Crossed(seen)
	up := crossed.Where(func(o observe.Observation) bool { return !strings.Contains(o.Variant, loDown) })
	ordinary := up.Where(func(o observe.Observation) bool { return !outbound.HasOption(o, outbound.Ties()...) })
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", outbound.List(seen.Errors()))
	case len(ordinary) > 0:
		return claim.Shows("leaves", "%s", outbound.Frames(crossed))
	case len(up) > 0:
		return claim.Shows("leaves-if-bound", "%s", outbound.Frames(crossed))
	case len(crossed) > 0:
		return claim.Shows("leaves-if-down", "%s", outbound.Frames(crossed))
	default:
		return outbound.Silent(seen, claim.Shows("nothing", "%d packets were sent or refused", watched.Count()))
	}
}
