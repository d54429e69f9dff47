package ipv6

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.src.select",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6724, "5")},
		Note: `rule 1, "Prefer same address", comes before all others`},
	Sentence: "The source address that the system chooses for ::1 is ::1.",
	Question: "From which address does a connection to ::1 come?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "::1-from-another-source",
	Behaviours: []claim.Behaviour{
		{Word: "::1", Means: "the source is ::1, for TCP as the server sees it and for UDP as getsockname tells it", Conforms: true},
		{Word: "another", Means: "the source is another address"},
		{Word: "fails", Means: "::1 can be bound, and a connection to it does not come about"},
	},
	Rule: sameSource,
}, func(h *host.Host) observation.Set {
	probe.NeedDelivery(h, sock.TCP, host.One6)
	return append(probe.DialOwn(h, "", []netip.Addr{host.One6}), probe.SourceFor(h, "", host.One6))
})

func sameSource(seen observation.Set) claim.Answer {
	seen = attempts(seen)
	sources := seen.Outcome(observation.OK).Sources()
	switch {
	case len(seen) == 0:
		return claim.Unclear("nothing was tried")
	case !seen.AllOK():
		return claim.Shows("fails", "%s", strings.Join(seen.Errors(), ", "))
	case len(sources) == 0:
		return claim.Unclear("no source was seen")
	case len(sources) == 1 && sources[0] == observation.SameAsDestination:
		return claim.Shows("::1", "seen by the server, and read with getsockname")
	default:
		return claim.Shows("another", "the sources are %s", strings.Join(sources, ", "))
	}
}
