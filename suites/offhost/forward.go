package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

// forwards are the behaviours of a router between two links.
func forwards() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: "it was not seen on the other link, where an ordinary packet after it was", Conforms: true},
		{Word: "forwarded", Means: "it was seen on the other link"},
	}
}

// martians is RFC 1812's source for what a router does about network 127.
func martians() claim.Source {
	return claim.Source{References: []claim.Reference{claim.RFC(1812, "5.3.7"), claim.RFC(1812, "4.2.2.11"), claim.RFC(6890, "2.2.2")},
		Note: "RFC 1812 5.3.7: a router should not forward, except over a loopback interface, a packet with a source or a destination " +
			"on network 127; it may have a switch that turns this check off, which must default to checking."}
}

var _ = claim.Declare(claim.Claim{
	ID:         "v4.forward.dst",
	Family:     claim.Offhost,
	Level:      claim.ShouldNot,
	Source:     martians(),
	Sentence:   "A router does not forward a packet to 127.0.0.0/8.",
	Question:   "Does my machine, as a router, pass on a packet to 127.0.0.1?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: forwards(),
})

var _ = claim.Declare(claim.Claim{
	ID:         "v4.forward.src",
	Family:     claim.Offhost,
	Level:      claim.ShouldNot,
	Source:     martians(),
	Sentence:   "A router does not forward a packet from 127.0.0.0/8.",
	Question:   "Does my machine, as a router, pass on a packet from 127.0.0.1?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: forwards(),
})
