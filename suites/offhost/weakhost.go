package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:     "v4.weakhost.lo-alias",
	Family: claim.Offhost,
	Level:  claim.May,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.2")},
		Note: "RFC 1122 describes the strong and the weak end system model and allows both: a host may discard a datagram whose " +
			"destination address is not that of the interface on which it arrives."},
	Sentence: "An address outside 127.0.0.0/8 that was put on the loopback interface is reachable from the link.",
	Question: "If I put a service address on lo, can the network reach it?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "weak", Means: "the neighbour reaches the address"},
		{Word: "strong", Means: "the neighbour does not reach the address"},
	},
})
