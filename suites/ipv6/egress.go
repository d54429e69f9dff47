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
	ID:     "v6.egress.src",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: `"The loopback address must not be used as the source address in IPv6 packets that are sent outside of a single node."`},
	Sentence:   "No packet with the source address ::1 leaves the host.",
	Question:   "Can a socket bound to ::1 send packets to other hosts?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: neverOutside("the cable carries no packet from ::1", "the cable carries packets from ::1"),
})

var _ = claim.Declare(claim.Claim{
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
})

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
