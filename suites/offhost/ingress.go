package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// martianSamples are two addresses of the block that a neighbour uses: 127.0.0.1, which is the
// host's own nearly everywhere, and 127.0.0.2, which is assigned to no interface. Systems treat the
// two differently.
func martianSamples() []netip.Addr { return []netip.Addr{host.One, host.Two} }

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.ingress.dst",
	Family: claim.Offhost,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3"), claim.RFC(6890, "2.2.2")},
		Note: `RFC 1122 3.2.1.3: "A host MUST silently discard an incoming datagram that is not destined for the host"; a loopback ` +
			`address is no destination from outside, by (g).`},
	Sentence:   "A packet that comes in from a link with a destination in 127.0.0.0/8 is silently discarded.",
	Question:   "Can a neighbour on the network send packets to 127.0.0.1 on my machine?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: link.Discards("a packet from a link to 127.0.0.0/8"),
	Rule:       link.Discarded,
	Fault:      "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	var seen observation.Set
	for _, to := range martianSamples() {
		seen = append(seen, link.Inject(h, probe.Injection{Source: h.Cable().Peer.IPv4, Destination: to, Target: to}, to)...)
	}
	return seen
})...)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.ingress.src",
	Family: claim.Offhost,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3"), claim.RFC(1812, "5.3.7"), claim.RFC(2827, ""), claim.RFC(3704, "")},
		Note: `RFC 1122 3.2.1.3: "A host MUST silently discard an incoming datagram containing an IP source address that is invalid ` +
			`by the rules of this section."`},
	Sentence:   "A packet that comes in from a link with a source in 127.0.0.0/8 is silently discarded.",
	Question:   "Can a neighbour on the network pretend to be 127.0.0.1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: link.Discards("a packet from a link with a source in 127.0.0.0/8"),
	Rule:       link.Discarded,
	Fault:      "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	own := h.Cable().Host.IPv4
	return link.WithoutReversePath(h, func(variant string) (seen observation.Set) {
		for _, from := range martianSamples() {
			seen = append(seen, link.Inject(h, probe.Injection{Variant: variant, Source: from, Destination: own, Target: from}, own)...)
		}
		return seen
	})
})...)
