package offhost

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.redirect.rdr",
	Family: claim.Offhost,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{localnet},
		Note: "No standard speaks of it. Linux drops what DNAT sends to 127.0.0.1 from outside unless route_localnet is on; pf.conf(5) " +
			"warns that rdr-to a loopback address exposes services there."},
	Sentence: "A packet from a link that the packet filter redirects to 127.0.0.1 is accepted by a socket bound there.",
	Question: "Can a firewall rule redirect outside traffic to a service on 127.0.0.1?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "accepted", Means: "the socket on 127.0.0.1 accepts it"},
		{Word: "wildcard-only", Means: "a socket on 0.0.0.0 accepts it, one on 127.0.0.1 does not"},
		{Word: "dropped", Means: "no socket accepts it"},
	},
	Rule:  redirects,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	seen := append(observation.Set{link.ReadSwitch(h, localnetOf(h))}, callRedirected(h, untouched)...)
	if err := h.Admin.Set(localnetOf(h), "1"); err != nil { // a system without such a switch has nothing more to show
		return seen
	}
	return append(seen, callRedirected(h, opened)...)
})...)

// The sockets that a redirected packet may reach.
const (
	onLoopback = "socket on 127.0.0.1"
	onWildcard = "socket on 0.0.0.0"
)

// callRedirected lets the neighbour call the host's address on the cable, which a rule redirects to
// 127.0.0.1.
func callRedirected(h *host.Host, state string) observation.Set {
	var seen observation.Set
	for _, s := range []struct {
		variant string
		at      netip.Addr
	}{{onLoopback, host.One}, {onWildcard, netip.IPv4Unspecified()}} {
		own := h.Cable().Host.IPv4
		i := probe.Injection{Variant: link.Joined(s.variant, state), Source: h.Cable().Peer.IPv4, Destination: own, Target: own,
			Server: s.at, Ready: func(from, at netip.AddrPort) { h.Redirect(from, at, netip.AddrPortFrom(host.One, at.Port())) }}
		seen = append(append(seen, probe.InjectUDP(h, h.Cable(), i)...), probe.InjectTCP(h, h.Cable(), i)...)
	}
	return seen
}

// redirects reads what becomes of it as the system is; that something comes with the switch on
// proves that the rule redirects at all.
func redirects(seen observation.Set) claim.Answer {
	arrived := seen.Op("deliver")
	got := func(state, socket string) observation.Set {
		return inState(arrived, state).Outcome(observation.OK).Where(func(o observation.Observation) bool { return strings.Contains(o.Variant, socket) })
	}
	switch {
	case len(inState(arrived, untouched)) == 0:
		return claim.Unclear("nothing was injected")
	case len(got(untouched, onLoopback)) > 0:
		return claim.Shows("accepted", "%s", link.Protocols(got(untouched, onLoopback)))
	case len(got(untouched, onWildcard)) > 0:
		return claim.Shows("wildcard-only", "%s", link.Protocols(got(untouched, onWildcard)))
	case len(got(opened, onLoopback)) > 0:
		return claim.Shows("dropped", "with route_localnet on, %s reach it", link.Protocols(got(opened, onLoopback)))
	default:
		return claim.Unclear("no redirected packet arrived, whatever the switch: the rule may redirect nothing")
	}
}
