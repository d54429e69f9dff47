package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

// emits are the behaviours of whatever might send from 127.0.0.0/8 on a link.
func emits() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "refused", Means: "the system refuses, and no packet with such a source was seen on the link", Conforms: true},
		{Word: "stays-inside", Means: "the system accepts the send, and no packet with such a source was seen on the link", Conforms: true},
		{Word: "other-source", Means: "a packet was seen on the link, with another source address", Conforms: true},
		{Word: "leaves", Means: "a packet with such a source was seen on the link"},
	}
}

var _ = claim.Declare(claim.Claim{
	ID:     "v4.egress.src.bound",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: outside(`RFC 1122 3.2.1.3: "When a host sends any datagram, the IP source address MUST be one of its own IP addresses"; by ` +
		`(g) a loopback address "MUST NOT appear outside a host", and by RFC 6890 it is no valid source.`),
	Sentence:   "A socket bound to an address of 127.0.0.0/8 that sends to another host puts nothing with that source on a link.",
	Question:   "Can a packet from 127.0.0.1 leave my machine?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: emits(),
})

var _ = claim.Declare(claim.Claim{
	ID:         "v4.egress.src.raw",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside("The documents make no exception for privileged processes, which systems usually trust with the header they write."),
	Sentence:   "A raw packet whose header names a source in 127.0.0.0/8 does not leave the host.",
	Question:   "Can root forge a packet from 127.0.0.1 to another host?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: emits(),
})

var _ = claim.Declare(claim.Claim{
	ID:       "v4.egress.arp.src",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: an ARP sender address is an address that appears outside the host.", claim.RFC(826, "")),
	Sentence: "The host never uses an address of 127.0.0.0/8 as the sender address of an ARP packet.",
	Question: "Can 127.0.0.1 show up as a sender in ARP?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "never", Means: "no ARP packet with such a sender address was seen on the link", Conforms: true},
		{Word: "arp-sender", Means: "an ARP packet with such a sender address was seen on the link"},
	},
})
