package offhost

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.weakhost.lo-alias",
	Family: claim.Offhost,
	Level:  claim.May,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.2")},
		Note: "RFC 1122 describes the strong and the weak end system model and allows both: a host may discard a datagram whose " +
			"destination address is not that of the interface on which it arrives."},
	Sentence: "An address outside 127.0.0.0/8 that was put on the loopback interface is reachable from the link.",
	Question: "If I put a service address on lo, can the network reach it?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "weak", Means: "the neighbour reaches the address"},
		{Word: "partly", Means: "the neighbour reaches the address by some protocols, and not by others"},
		{Word: "strong", Means: "the neighbour does not reach the address"},
	},
	Rule:  reachesAlias,
	Fault: "strong-host",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	h.Expect(h.Admin.Assign(h.Lo().Index, netip.PrefixFrom(alias, alias.BitLen()))).To(gomega.Succeed(), "put the address on lo")
	c := h.Cable()
	seen := probe.Ask(h, c, "", c.Peer.IPv4, alias, alias)
	return append(seen, link.Inject(h, probe.Injection{Source: c.Peer.IPv4, Destination: alias, Target: alias}, alias)...)
})...)

// alias is the address that is put on lo, from a prefix for documentation that no cable has (RFC
// 5737).
var alias = netip.MustParseAddr("192.0.2.77")

func reachesAlias(seen observation.Set) claim.Answer {
	answers := seen.Op("answer")
	got, silent := seen.Op("deliver").Outcome(observation.OK), seen.Op("deliver").Outcome(observation.Nothing)
	switch {
	case len(got)+len(silent) == 0:
		return claim.Unclear("nothing was injected")
	case len(silent) == 0:
		return claim.Shows("weak", "%s reach it; the host answers with %s", link.Protocols(got), strings.Join(answers.Values(), ", "))
	case len(got) == 0:
		return claim.Shows("strong", "%s do not reach it", link.Protocols(silent))
	default:
		return claim.Shows("partly", "%s do, %s do not", link.Protocols(got), link.Protocols(silent))
	}
}
