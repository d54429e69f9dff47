package ipv6

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.forward",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(4007, "9")},
		Note: `RFC 4291 2.5.3: a packet to the loopback address "must never be forwarded by an IPv6 router"`},
	Sentence: "A router does not forward a packet to ::1 or from ::1.",
	Question: "Would a router pass on packets to ::1?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "nothing", Means: "no such packet comes out on the other link", Conforms: true},
		{Word: "leaves", Means: "such packets come out on the other link"},
	},
	Rule:  comesOut,
	Fault: "cable-into-cable",
}, claim.Part{Name: "router", In: host.Arrangement{Cables: 2, Route: true, Forward6: true}, Spec: func(h *host.Host) observation.Set {
	needLink(h)
	return link.WithAndWithoutLo(h, func(variant string) observation.Set {
		in, out := h.Cables[1], h.Cables[0] // the default route leads over the first
		to := probe.Transit{Variant: link.Joined(variant, "to ::1"), Source: in.Peer.IPv6, Destination: host.One6, Target: host.One6}
		from := probe.Transit{Variant: link.Joined(variant, "from ::1"), Source: host.One6, Destination: out.Peer.IPv6, Target: host.One6}
		return append(probe.Forward(h, in, out, to), probe.Forward(h, in, out, from)...)
	})
}})

func comesOut(seen observation.Set) claim.Answer {
	answer := link.Forwarded(seen)
	if word, known := map[string]string{"dropped": "nothing", "forwarded": "leaves"}[answer.Word]; known {
		answer.Word = word
	}
	return answer
}
