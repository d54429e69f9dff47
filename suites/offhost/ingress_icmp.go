package offhost

import (
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.ingress.noicmp",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.2")},
		Note: "RFC 1122 3.2.2 forbids an ICMP error because of a datagram whose source address does not define a single host, and names a loopback address as an example."},
	Sentence: "No ICMP error is sent because of a packet whose source is a loopback address.",
	Question: "Does my machine complain to the network about a packet from 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "silent", Means: "no ICMP error was seen on the link, and none arrived inside the host", Conforms: true},
		{Word: "icmp-error", Means: "an ICMP error because of the packet was seen"},
	},
	Rule:  complains,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	return link.WithoutReversePath(h, func(variant string) (seen observation.Set) {
		for _, from := range martianSamples() {
			seen = append(seen, probe.Complaints(h, h.Cable(), variant, from)...)
		}
		control := probe.Complaints(h, h.Cable(), variant, h.Cable().Peer.IPv4)
		h.Expect(control.Outcome(observation.OK).Count()).To(gomega.Equal(1), "an ICMP error because of a datagram of the neighbour's own")
		return seen
	})
})...)

func complains(seen observation.Set) claim.Answer {
	seen = seen.Op(probe.Complaint)
	switch sent := seen.Outcome(observation.OK); {
	case len(sent) > 0:
		return claim.Shows("icmp-error", "%s", strings.Join(sent.Values(), ", "))
	case len(seen.Outcome(observation.Nothing)) == 0:
		return claim.Unclear("nothing was injected")
	default:
		return claim.Shows("silent", "%d datagrams to a closed port brought no ICMP error", seen.Count())
	}
}
