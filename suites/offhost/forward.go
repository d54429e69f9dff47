package offhost

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// martians is RFC 1812's source for what a router does about network 127.
func martians() claim.Source {
	return claim.Source{References: []claim.Reference{claim.RFC(1812, "5.3.7"), claim.RFC(1812, "4.2.2.11"), claim.RFC(6890, "2.2.2")},
		Note: "RFC 1812 5.3.7: a router should not forward, except over a loopback interface, a packet with a source or a destination " +
			"on network 127; it may have a switch that turns this check off, which must default to checking."}
}

// router is a private host between two links. Its default route leads over the first, so packets
// come in from the second.
func router() host.Arrangement { return host.Arrangement{Cables: 2, Route: true, Forward4: true} }

var _ = claim.InPrivate(claim.Claim{
	ID:         "v4.forward.dst",
	Family:     claim.Offhost,
	Level:      claim.ShouldNot,
	Source:     martians(),
	Sentence:   "A router does not forward a packet to 127.0.0.0/8.",
	Question:   "Does my machine, as a router, pass on a packet to 127.0.0.1?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: link.Forwards(),
	Rule:       link.Forwarded,
	Fault:      "forward-localnet",
}, claim.Part{Name: "router", In: router(), Spec: func(h *host.Host) observation.Set {
	return link.WithAndWithoutLo(h, func(variant string) (seen observation.Set) {
		in, out := h.Cables[1], h.Cables[0]
		for _, to := range martianSamples() {
			seen = append(seen, probe.Forward(h, in, out, probe.Transit{Variant: variant, Source: in.Peer.IPv4, Destination: to, Target: to})...)
		}
		return seen
	})
}})

var _ = claim.InPrivate(claim.Claim{
	ID:         "v4.forward.src",
	Family:     claim.Offhost,
	Level:      claim.ShouldNot,
	Source:     martians(),
	Sentence:   "A router does not forward a packet from 127.0.0.0/8.",
	Question:   "Does my machine, as a router, pass on a packet from 127.0.0.1?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: link.Forwards(),
	Rule:       link.Forwarded,
	Fault:      "forward-localnet",
}, claim.Part{Name: "router", In: router(), Spec: func(h *host.Host) observation.Set {
	return link.WithoutReversePath(h, func(reverse string) observation.Set {
		return link.WithAndWithoutLo(h, func(lo string) (seen observation.Set) {
			in, out := h.Cables[1], h.Cables[0]
			for _, from := range martianSamples() {
				seen = append(seen, probe.Forward(h, in, out, probe.Transit{Variant: link.Joined(reverse, lo), Source: from,
					Destination: out.Peer.IPv4, Target: from})...)
			}
			return seen
		})
	})
}})
