package offhost

import "github.com/loopmatrix/loopmatrix/suites/claim"

// cve is the report of the hole that kube-proxy opened by turning route_localnet on.
var cve = claim.Reference{Document: "CVE-2020-8558", URL: "https://nvd.nist.gov/vuln/detail/CVE-2020-8558"}

// localnet is the kernel's documentation of the switch.
var localnet = claim.Reference{Document: "Linux ip-sysctl", Section: "route_localnet",
	URL: "https://docs.kernel.org/networking/ip-sysctl.html"}

var _ = claim.Declare(claim.Claim{
	ID:       "v4.neighbour.bypass",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("", cve),
	Sentence: "A neighbour on the link that routes 127.0.0.1 through this host cannot reach a service bound to 127.0.0.1.",
	Question: "Can somebody on my network reach a service that listens on 127.0.0.1 only?",
	Headline: true,
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "unreachable", Means: "the neighbour's connection to the service gets no answer", Conforms: true},
		{Word: "refused", Means: "the neighbour's connection is refused: the host answers for the address, though not with the service"},
		{Word: "reached", Means: "the neighbour connects to the service"},
	},
})

var _ = claim.Declare(claim.Claim{
	ID:       "v4.neighbour.bypass.opt",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   claim.Source{References: []claim.Reference{localnet, cve}, Note: "It is the positive control of v4.neighbour.bypass."},
	Sentence: "The documented switch that lets a neighbour reach services on 127.0.0.1 is off by default, and works when it is on.",
	Question: "What does route_localnet really open?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "opens", Means: "with the switch on the neighbour reaches the service, and without it does not"},
		{Word: "no-effect", Means: "the neighbour does not reach the service even with the switch on"},
		{Word: "open-anyway", Means: "the neighbour reaches the service even with the switch off"},
	},
})
