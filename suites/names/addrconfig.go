package names

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:     "name.addrconfig",
	Family: claim.Names,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "6.1")},
		Note: "the loopback address does not count as configured there, so that the text invites an answer of nothing on a host that has only loopback"},
	Sentence: "With AI_ADDRCONFIG, getaddrinfo still gives loopback addresses on a host that has no others, or no others of that family.",
	Question: "Why does localhost not resolve when the network is down?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	NoFault:  "it needs a host with loopback addresses only, which comes with the lab",
	Behaviours: []claim.Behaviour{
		{Word: "kept", Means: "127.0.0.1, ::1 and localhost have their loopback addresses"},
		{Word: "names-lost", Means: "the literal addresses are kept, localhost has no answer"},
		{Word: "literals-lost", Means: "even 127.0.0.1 or ::1 has no answer"},
	},
})
