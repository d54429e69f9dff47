package names

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:     "name.alias",
	Family: claim.Names,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(952, ""), {Document: "hosts(5)"}},
		Note: "developers give their services names in the hosts file, one loopback address each"},
	Sentence: "A name that the hosts file gives to 127.0.0.2 leads a client to the listener on 127.0.0.2, and to none of those on other loopback addresses and the same port.",
	Question: "Can I give each of my services a name of its own on 127.0.0.x?",
	Gates:    []claim.Gate{claim.Privileged},
	NoFault:  "it needs a hosts file of the kit's own, which comes with the lab",
	Behaviours: []claim.Behaviour{
		{Word: "own-listener", Means: "the client reaches the listener on 127.0.0.2 and no other"},
		{Word: "other-listener", Means: "the client reaches a listener on another address"},
		{Word: "unreachable", Means: "the name resolves, but there is no connection"},
		{Word: "no-name", Means: "the entry is not used"},
	},
})
