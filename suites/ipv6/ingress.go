package ipv6

import "github.com/loopmatrix/loopmatrix/suites/claim"

// dropping are the behaviours of the claims about what comes in from a link.
func dropping(what string) []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: what + " is neither delivered nor answered, while a legal packet after it is delivered", Conforms: true},
		{Word: "answered", Means: what + " is not delivered, but answered"},
		{Word: "delivered", Means: what + " reaches a socket"},
	}
}

var _ = claim.Declare(claim.Claim{
	ID:         "v6.ingress.dst",
	Family:     claim.IPv6,
	Level:      claim.Must,
	Source:     loopback(),
	Sentence:   "A packet to ::1 that arrives from a link is dropped.",
	Question:   "Can a neighbour on the same network reach a service that listens on ::1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: dropping("a packet from a link to ::1"),
})

var _ = claim.Declare(claim.Claim{
	ID:     "v6.ingress.src",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: "derived: the source ::1 must not be used outside a node, so that a packet with it can't be genuine"},
	Sentence:   "A packet from ::1 that arrives from a link is dropped.",
	Question:   "Can a neighbour pretend to be ::1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: dropping("a packet from a link with the source ::1"),
})

var _ = claim.Declare(claim.Claim{
	ID:     "v6.mapped.wire",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6890, "2.2.3"), claim.RFC(4942, "2.2"),
		{Document: "draft-itojun-v6ops-v4mapped-harmful", URL: "https://datatracker.ietf.org/doc/html/draft-itojun-v6ops-v4mapped-harmful"}},
		Note: "the registry's row for ::ffff:0:0/96 says neither source nor destination, without a footnote"},
	Sentence:   "An IPv6 packet from a link with an IPv4-mapped source or destination address is not delivered.",
	Question:   "Can a packet with ::ffff:127.0.0.1 in its IPv6 header pass for 127.0.0.1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: dropping("a packet with ::ffff:127.0.0.1 in its IPv6 header"),
})

var _ = claim.Declare(claim.Claim{
	ID:     "v6.nd.noanswer",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(4861, "7.2")},
		Note: "derived from RFC 4291: an address that must not appear on a link has no neighbour to solicit"},
	Sentence: "A neighbour solicitation for ::1 is not answered, and none is sent.",
	Question: "Does the host claim ::1 on the network?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "nothing", Means: "no solicitation for ::1 is answered, and none is sent", Conforms: true},
		{Word: "answered", Means: "a solicitation for ::1 is answered"},
		{Word: "solicited", Means: "the host sends a solicitation for ::1"},
	},
})
