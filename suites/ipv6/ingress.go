package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:         "v6.ingress.dst",
	Family:     claim.IPv6,
	Level:      claim.Must,
	Source:     loopback(),
	Sentence:   "A packet to ::1 that arrives from a link is dropped.",
	Question:   "Can a neighbour on the same network reach a service that listens on ::1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: link.Discards("a packet from a link to ::1"),
	Rule:       link.Discarded,
	Fault:      "cable-into-lo-to",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needLink(h)
	return link.Inject(h, probe.Injection{Source: h.Cable().Peer.IPv6, Destination: host.One6, Target: host.One6}, host.One6)
})...)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.ingress.src",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: "derived: the source ::1 must not be used outside a node, so that a packet with it can't be genuine"},
	Sentence:   "A packet from ::1 that arrives from a link is dropped.",
	Question:   "Can a neighbour pretend to be ::1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: link.Discards("a packet from a link with the source ::1"),
	Rule:       link.Discarded,
	Fault:      "cable-into-lo-from",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needLink(h)
	own := h.Cable().Host.IPv6
	return link.Inject(h, probe.Injection{Source: host.One6, Destination: own, Target: host.One6}, own)
})...)

// needLink ends the spec unless the host has its IPv6 address on the cable.
func needLink(h *host.Host) {
	s, _, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(h.Cable().Host.IPv6, 0))
	if err != nil {
		h.NotRun("bind", err)
	}
	_ = s.Close()
}
