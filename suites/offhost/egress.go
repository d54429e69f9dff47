package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

// leaves are the behaviours of whatever might send to 127.0.0.0/8 on a link.
func leaves() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "stays-inside", Means: "no packet and no ARP request for the address was seen on the link", Conforms: true},
		{Word: "arp", Means: "an ARP request for the address was seen on the link, and no packet"},
		{Word: "leaves", Means: "a packet to the address was seen on the link"},
	}
}

var _ = claim.Declare(claim.Claim{
	ID:         "v4.egress.dst.default",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside(""),
	Sentence:   "An ordinary send or connect to 127.0.0.0/8 puts nothing on an external link.",
	Question:   "Can a packet to 127.0.0.2 leave my machine?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: leaves(),
})

var _ = claim.Declare(claim.Claim{
	ID:         "v4.egress.dst.devbind",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside(""),
	Sentence:   "A send to 127.0.0.0/8 on a socket that is tied to an external interface puts nothing on its link.",
	Question:   "Can a packet to 127.0.0.1 leave my machine if the socket is bound to a network card?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: leaves(),
})

var _ = claim.Declare(claim.Claim{
	ID:         "v4.egress.dst.noroute",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside(""),
	Sentence:   "A send to 127.0.0.0/8 puts nothing on an external link even if the loopback interface is down or has no route and a default route exists.",
	Question:   "If lo is down, do packets to 127.0.0.1 follow the default route?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: leaves(),
})

var _ = claim.Declare(claim.Claim{
	ID:       "v4.egress.dst.noarp",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: whoever asks for an address on a link lets it appear outside the host.", claim.RFC(826, "")),
	Sentence: "The host never sends an ARP request for an address of 127.0.0.0/8.",
	Question: "Does my machine ever ask its neighbours who has 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "no-arp", Means: "no ARP request for such an address was seen on the link", Conforms: true},
		{Word: "arp", Means: "an ARP request for such an address was seen on the link"},
	},
})
