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
	ID:       "v6.wild.dual",
	Family:   claim.IPv6,
	Level:    claim.Stated,
	Source:   mapping("a system may lack dual-stack sockets altogether, as OpenBSD does on purpose"),
	Sentence: "A server on [::] with IPV6_V6ONLY off is reached on 127.0.0.1 and 127.0.0.2, and sees ::ffff:127.0.0.1 as its peer.",
	Question: "Does a server on [::] serve 127.0.0.1 as well?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-dual-stack",
	Behaviours: append(outcomes(claim.Behaviour{Word: "dual", Conforms: true,
		Means: "TCP and UDP from AF_INET clients arrive, and the peer is an IPv4-mapped address"}, false),
		claim.Behaviour{Word: "dual-127.0.0.1", Conforms: true,
			Means: "as dual, but AF_INET servers are not reached on 127.0.0.2 either"},
		claim.Behaviour{Word: "unmapped", Means: "they arrive, and the peer is shown as something else than an IPv4-mapped address"}),
	Rule: dual,
}, func(h *host.Host) observation.Set {
	need4(h)
	two := second(h)
	targets := []netip.Addr{host.One}
	if two.AllOK() {
		targets = append(targets, host.Two)
	}
	options := []probe.Option{{Name: sock.V6Only, Value: 0}}
	seen := append(two, probe.Each(targets, func(a netip.Addr) observation.Observation {
		return serving(h, sock.TCP, wildcard, options, func(s sock.Socket, port uint16) observation.Set {
			return probe.Connect(h, probe.Dials{Server: s, Port: port, Expect: mapped(a)}, []netip.Addr{a})
		})[0]
	})...)
	return append(seen, serving(h, sock.UDP, wildcard, options, func(s sock.Socket, port uint16) observation.Set {
		return probe.Send(h, probe.Datagrams{Server: s, Port: port}, targets)
	})...)
})

func dual(seen observation.Set) claim.Answer {
	tried, two := seen.Variant(""), seen.Variant(controls)
	unmapped := tried.Outcome(observation.OK).Where(func(o observation.Observation) bool { return !strings.HasPrefix(o.Source, "::ffff:127.") })
	answer := unanimous("dual")(tried)
	switch {
	case answer.Word != "dual":
		return answer
	case len(unmapped) > 0:
		return claim.Shows("unmapped", "the server sees %s", strings.Join(unmapped.Sources(), ", "))
	case !two.AllOK():
		return claim.Shows("dual-127.0.0.1", "an AF_INET client gets %s from 127.0.0.2", strings.Join(two.Errors(), ", "))
	default:
		return answer
	}
}
