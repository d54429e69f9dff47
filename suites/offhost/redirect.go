package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:     "v4.redirect.rdr",
	Family: claim.Offhost,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{localnet},
		Note: "No standard speaks of it. Linux drops what DNAT sends to 127.0.0.1 from outside unless route_localnet is on; pf.conf(5) " +
			"warns that rdr-to a loopback address exposes services there."},
	Sentence: "A packet from a link that the packet filter redirects to 127.0.0.1 is accepted by a socket bound there.",
	Question: "Can a firewall rule redirect outside traffic to a service on 127.0.0.1?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "accepted", Means: "the socket on 127.0.0.1 accepts it"},
		{Word: "wildcard-only", Means: "a socket on 0.0.0.0 accepts it, one on 127.0.0.1 does not"},
		{Word: "dropped", Means: "no socket accepts it"},
	},
})
