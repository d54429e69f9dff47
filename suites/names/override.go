package names

import "github.com/loopmatrix/loopmatrix/suites/claim"

var _ = claim.Declare(claim.Claim{
	ID:     "name.must",
	Family: claim.Names,
	Level:  claim.None,
	Source: claim.Source{References: []claim.Reference{{Document: "draft-ietf-dnsop-let-localhost-be-localhost",
		URL: "https://datatracker.ietf.org/doc/draft-ietf-dnsop-let-localhost-be-localhost/"}},
		Note: "the draft has expired; it would have made a MUST of what RFC 6761 6.3 recommends"},
	Sentence: "No configuration of the host can give localhost another address than loopback.",
	Question: "Can an entry in the hosts file send localhost elsewhere?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	NoFault:  "it needs a hosts file of the kit's own, which comes with the lab",
	Behaviours: []claim.Behaviour{
		{Word: "fixed", Means: "localhost is loopback whatever the hosts file says"},
		{Word: "hosts-file-wins", Means: "the hosts file can give localhost any address"},
	},
})
