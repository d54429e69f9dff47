package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:       "v4.ingress.noarpreply",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: an ARP reply lets the address appear outside the host.", claim.RFC(826, "")),
	Sentence: "An ARP request for an address of 127.0.0.0/8 is not answered.",
	Question: "Does my machine answer when a neighbour asks who has 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "no-reply", Means: "the request got no reply, and one for an ordinary address after it did", Conforms: true},
		{Word: "replies", Means: "the request got a reply"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:       "v4.ingress.arpsender",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   outside("Derived: RFC 826 has the receiver note the sender's address, RFC 1122 makes such an address invalid on a link.", claim.RFC(826, "")),
	Sentence: "An ARP request whose sender address is in 127.0.0.0/8 creates no neighbour entry and gets no reply.",
	Question: "Can a neighbour plant 127.0.0.1 in the ARP table of my machine?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "ignored", Means: "it gets no reply and leaves no entry"},
		{Word: "replies", Means: "it gets a reply, and leaves no entry"},
		{Word: "learned", Means: "it leaves a neighbour entry"},
	},
})
