package offhost

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// cve is the report of the hole that kube-proxy opened by turning route_localnet on.
var cve = claim.Reference{Document: "CVE-2020-8558", URL: "https://nvd.nist.gov/vuln/detail/CVE-2020-8558"}

// localnet is the kernel's documentation of the switch.
var localnet = claim.Reference{Document: "Linux ip-sysctl", Section: "route_localnet",
	URL: "https://docs.kernel.org/networking/ip-sysctl.html"}

var _ = claim.InPrivate(claim.Claim{
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
	Rule:  bypasses,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set { return callService(h, "") })...)

// callService lets the neighbour call services on 127.0.0.1, by datagram and by connection, as a
// neighbour does that routes this address through the host.
func callService(h *host.Host, variant string) observation.Set {
	i := probe.Injection{Variant: variant, Source: h.Cable().Peer.IPv4, Destination: host.One, Target: host.One, Server: host.One}
	return append(probe.InjectUDP(h, h.Cable(), i), probe.InjectTCP(h, h.Cable(), i)...)
}

func bypasses(seen observation.Set) claim.Answer {
	answer := link.Discarded(seen)
	if word, known := map[string]string{"dropped": "unreachable", "answered": "refused", "delivered": "reached"}[answer.Word]; known {
		answer.Word = word
	}
	return answer
}
