package ipv6

import "github.com/loopmatrix/loopmatrix/suites/claim"

// neverOutside are the behaviours of the claims that a cable decides.
func neverOutside(inside, outside string) []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "nothing", Means: inside, Conforms: true},
		{Word: "leaves", Means: outside},
	}
}

var _ = claim.Declare(claim.Claim{
	ID:     "v6.lo.notphysical",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3")},
		Note: `"It must not be assigned to any physical interface."`},
	Sentence: "::1 can't be assigned to an interface that is not loopback.",
	Question: "Can I put ::1 on a network card?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "assigned", Means: "the system assigns ::1 to another interface"},
		{Word: claim.AnyErrno, Means: "the assignment fails with this errno", Conforms: true},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:     "v6.forward",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(4007, "9")},
		Note: `RFC 4291 2.5.3: a packet to the loopback address "must never be forwarded by an IPv6 router"`},
	Sentence:   "A router does not forward a packet to ::1 or from ::1.",
	Question:   "Would a router pass on packets to ::1?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: neverOutside("no such packet comes out on the other link", "such packets come out on the other link"),
})
