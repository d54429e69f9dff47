package ipv6

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
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
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needAddress(h, h.Cable().Host.IPv6)
	seen := toOne(h, "")
	h.Expect(h.Admin.SetUp(h.Lo().Index, false)).To(gomega.Succeed(), "take lo down")
	return append(seen, toOne(h, loDown)...)
})...)

// loDown is the variant of what was sent after lo was taken down.
const loDown = "lo down"

// toOne sends to ::1 from ordinary sockets and from those that are tied to the cable.
func toOne(h *host.Host, state string) observation.Set {
	prefix := ""
	if state != "" {
		prefix = state + ", "
	}
	seen := probe.Emit(h, h.Cable(), link.EveryProtocol(state, nil, host.One6))
	return append(seen, link.EmitTied(h, prefix, func(int) []netip.Addr { return []netip.Addr{host.One6} })...)
}

// oneAsDestination reads whether anything to ::1 was seen on the cable, a solicitation for it
// included, and what it took.
func oneAsDestination(seen observation.Set) claim.Answer {
	watched, crossed := seen.Op("wire"), link.Crossed(seen)
	up := crossed.Where(func(o observation.Observation) bool { return !strings.Contains(o.Variant, loDown) })
	ordinary := up.Where(func(o observation.Observation) bool { return !link.HasOption(o, link.Ties()...) })
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", link.List(seen.Errors()))
	case len(ordinary) > 0:
		return claim.Shows("leaves", "%s", link.Frames(crossed))
	case len(up) > 0:
		return claim.Shows("leaves-if-bound", "%s", link.Frames(crossed))
	case len(crossed) > 0:
		return claim.Shows("leaves-if-down", "%s", link.Frames(crossed))
	default:
		return link.Silent(seen, claim.Shows("nothing", "%d packets were sent or refused", watched.Count()))
	}
}
