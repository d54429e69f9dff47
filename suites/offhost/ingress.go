package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

// discards are the behaviours of a host that is sent what it must drop.
func discards() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: "no socket receives it and nothing is answered", Conforms: true},
		{Word: "answered", Means: "no socket receives it, but an answer was seen on the link"},
		{Word: "delivered", Means: "a socket receives it"},
	}
}

var _ = claim.Declare(claim.Claim{
	ID:     "v4.ingress.dst",
	Family: claim.Offhost,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3"), claim.RFC(6890, "2.2.2")},
		Note: `RFC 1122 3.2.1.3: "A host MUST silently discard an incoming datagram that is not destined for the host"; a loopback ` +
			`address is no destination from outside, by (g).`},
	Sentence:   "A packet that comes in from a link with a destination in 127.0.0.0/8 is silently discarded.",
	Question:   "Can a neighbour on the network send packets to 127.0.0.1 on my machine?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: discards(),
})

var _ = claim.Declare(claim.Claim{
	ID:     "v4.ingress.src",
	Family: claim.Offhost,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3"), claim.RFC(1812, "5.3.7"), claim.RFC(2827, ""), claim.RFC(3704, "")},
		Note: `RFC 1122 3.2.1.3: "A host MUST silently discard an incoming datagram containing an IP source address that is invalid ` +
			`by the rules of this section."`},
	Sentence:   "A packet that comes in from a link with a source in 127.0.0.0/8 is silently discarded.",
	Question:   "Can a neighbour on the network pretend to be 127.0.0.1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: discards(),
})

var _ = claim.Declare(claim.Claim{
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
})
