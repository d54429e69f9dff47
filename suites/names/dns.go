package names

import (
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/resolve"
)

var _ = claim.Declare(claim.Claim{
	ID:     "name.localhost.nodns",
	Family: claim.Names,
	Level:  claim.ShouldNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
		Note: "item 3: \"Name resolution APIs SHOULD NOT send queries for localhost names to their configured caching DNS server(s).\""},
	Sentence: "Resolving localhost, or a name below it, sends no DNS query.",
	Question: "Does my name server get to see localhost?",
	Gates:    []claim.Gate{claim.Privileged},
	NoFault:  "it needs a name server of the kit's own, which comes with the wire",
	Behaviours: []claim.Behaviour{
		{Word: "local", Means: "no query for localhost, LOCALHOST, localhost. or foo.localhost is sent", Conforms: true},
		{Word: "subdomains-ask-dns", Means: "localhost is known, and names below it are asked of the name server"},
		{Word: resolve.AsksDNS, Means: "localhost itself is asked of the name server"},
	},
})
