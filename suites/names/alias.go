package names

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

const alias = "alias-two.test"

var _ = claim.InPrivate(claim.Claim{
	ID:     "name.alias",
	Family: claim.Names,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(952, ""), {Document: "hosts(5)"}},
		Note: "developers give their services names in the hosts file, one loopback address each"},
	Sentence: "A name that the hosts file gives to 127.0.0.2 leads a client to the listener on 127.0.0.2, and to none of those on other loopback addresses and the same port.",
	Question: "Can I give each of my services a name of its own on 127.0.0.x?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "own-listener", Means: "the client reaches the listener on 127.0.0.2 and no other"},
		{Word: "other-listener", Means: "the client reaches a listener on another address"},
		{Word: "unreachable", Means: "the name resolves, but there is no connection"},
		{Word: "no-name", Means: "the entry is not used"},
	},
	Rule:  ofBoth(aliasLeads),
	Fault: "dnat",
}, claim.Part{Name: "name in the hosts file", In: with(usualHosts + "127.0.0.2 " + alias + "\n"), Spec: dialAlias})

// aliasServers all listen on one port; the second is the one that is meant.
var aliasServers = []netip.Addr{host.One, host.Two, netip.AddrFrom4([4]byte{127, 0, 0, 3}), netip.AddrFrom4([4]byte{127, 0, 0, 4})}

// dialAlias resolves the name and dials what the answer says.
func dialAlias(h *host.Host) observation.Set {
	seen, seated, err := probe.BindAll(h, sock.TCP, "", aliasServers)
	defer seated.Close()
	if err != nil {
		h.NotRun("bind", err)
	}
	for _, a := range askers(h) {
		answer := a.answer(h, addresses(alias, "ip4"))
		seen = append(seen, answer)
		first, _, _ := strings.Cut(answer.Value, " ")
		if to, err := netip.ParseAddr(first); err == nil && answer.Outcome == observation.OK && len(seated.Servers) > 0 {
			seen = append(seen, probe.Reach(h, a.variant, seated.Servers, []netip.AddrPort{netip.AddrPortFrom(to, seated.Port)}, 1)...)
		}
	}
	return seen
}

// aliasLeads reads where the name led a client that asked one resolver.
func aliasLeads(seen observation.Set) claim.Answer {
	answer, asked := seen.Op("getaddrinfo AF_INET").First()
	word, clear := lacking(answer)
	dialled, tried := seen.Op("reach").First()
	reached := dialled.Outcome == observation.OK || dialled.Outcome == observation.Astray
	switch {
	case !asked || !clear:
		return claim.Unclear("the name was not looked up")
	case word != "":
		return claim.Shows("no-name", "no answer")
	case !tried:
		return claim.Shows("unreachable", "the answer is %s", answer.Value)
	case reached && dialled.Value == host.Two.String():
		return claim.Shows("own-listener", "the answer is %s, and the client reached the listener on %s", answer.Value, dialled.Value)
	case reached:
		return claim.Shows("other-listener", "the answer is %s, and the client reached the listener on %s", answer.Value, dialled.Value)
	default:
		return claim.Shows("unreachable", "the answer is %s; connect: %s", answer.Value, dialled.Problem())
	}
}
