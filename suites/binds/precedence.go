package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.precedence",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.9.1.1"), claim.RFC(1122, "4.2.3.7")},
		Note: "RFC 1122 by implication; the tradition of 4.2BSD, whose lookup prefers the socket with the fewest wildcards"},
	Sentence: "With 0.0.0.0 and 127.0.0.1 bound to the same port, the socket on 127.0.0.1 receives what is sent to 127.0.0.1.",
	Question: "One server listens on 0.0.0.0:8080 and another one on 127.0.0.1:8080: which one answers on localhost?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "wildcard-wins",
	Behaviours: []claim.Behaviour{
		{Word: "specific", Means: "the socket on the address receives everything, whichever came first"},
		{Word: "wildcard", Means: "the wildcard socket receives everything, whichever came first"},
		{Word: "mixed", Means: "it depends on the order, the transport or chance"},
		{Word: "never-together", Means: "no option lets both hold the port"},
	},
	Rule: precedence,
}, func(h *host.Host) observation.Set {
	wild, specific := probe.Seat{Name: "wildcard", Addr: anyAddress}, probe.Seat{Name: "specific", Addr: host.One}
	var seen observation.Set
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		seen = append(seen, together(h, probe.Pair{Type: t, Variant: "wildcard first", First: wild, Second: specific})...)
		seen = append(seen, together(h, probe.Pair{Type: t, Variant: "specific first", First: specific, Second: wild})...)
	}
	return seen
})

// together tries the options in the order of their strength until both sockets hold the port, and
// sends flows to 127.0.0.1 then. Linux lets listeners share only with SO_REUSEPORT, BSDs with
// SO_REUSEADDR, Windows without any.
func together(h *host.Host, p probe.Pair) (seen observation.Set) {
	order := p.Variant
	for _, with := range []struct {
		name    string
		options []probe.Option
	}{
		{"no option", nil},
		{"SO_REUSEADDR", []probe.Option{{Name: sock.ReuseAddr, Value: 1}}},
		{"SO_REUSEPORT", []probe.Option{{Name: sock.ReusePort, Value: 1}}},
	} {
		p.Variant = order + ", " + with.name
		p.First.Options, p.Second.Options = with.options, with.options
		o, seated := p.Bind(h)
		seen = append(seen, o)
		if seated.Both() {
			to := []netip.AddrPort{netip.AddrPortFrom(host.One, seated.Port)}
			seen = append(seen, probe.Reach(h, p.Variant, seated.Servers, to, 20)...)
			seated.Close()
			return seen
		}
		seated.Close()
	}
	return seen
}

// precedence reads who received.
func precedence(seen observation.Set) claim.Answer {
	reached := seen.Op("reach")
	values := reached.Outcome(observation.OK).Values()
	switch {
	case len(reached) == 0 && len(seen.Op("bind")) == 0:
		return claim.Unclear("not even one socket could hold a port: %s", list(seen.Errors()))
	case len(reached) == 0:
		return claim.Shows("never-together", "%s", list(seen.Op("bind").Errors()))
	case len(values) == 0:
		return claim.Unclear("both hold the port, and nothing arrived: %s", list(reached.Errors()))
	case len(values) == 1:
		return claim.Shows(values[0], "in %d arrangements", len(cells(reached)))
	default:
		return claim.Shows("mixed", "the wildcard socket received in: %s", list(cells(reached.Where(func(o observation.Observation) bool {
			return o.Value != "specific"
		}))))
	}
}
