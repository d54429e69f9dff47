package block

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The two arrangements of a server, in Observation.Variant.
const (
	onWildcard = "server on 0.0.0.0"
	onAddress  = "server on the address"
)

var _ = claim.It(claim.Claim{
	ID:         "v4.block.delivery.tcp",
	Family:     claim.Block,
	Level:      claim.Stated,
	Source:     loopsBack(),
	Sentence:   "A TCP connection to any address of 127.0.0.0/8 reaches a listener on this host.",
	Question:   "Can I connect to a server on 127.0.0.2, or on any other 127 address, without any set-up?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "tcp-only-127.0.0.1",
	Behaviours: append(extents("takes TCP connections, for a listener on that address and for one on 0.0.0.0"), rewritten()),
	Rule:       reaching("connect", extent("connect")),
}, func(h *host.Host) observation.Set {
	addrs, seen := tried(h)
	server, port := serve(h, sock.TCP, wildcard)
	defer func() { _ = server.Close() }()
	seen = append(seen, probe.Connect(h, probe.Dials{Server: server, Port: port, Variant: onWildcard}, addrs)...)
	return append(seen, probe.DialOwn(h, onAddress, addrs)...)
})

// rewritten is the behaviour of a host on which connections arrive from another address than that
// of their client.
func rewritten() claim.Behaviour {
	return claim.Behaviour{Word: "delivered-rewritten", Conforms: true,
		Means: "every attempt arrives, and the server sees another source address than the client has: the packet filter translates it"}
}

// reaching is a rule for which a connection whose source was rewritten is no failure: it says so
// where nothing else fails.
func reaching(op string, rule claim.Rule) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		as, said := slices.Clone(seen), ""
		for i := range as {
			if as[i].Op == op && probe.Rewritten(as[i]) {
				said = as[i].Value
				as[i].Outcome, as[i].Value = observation.OK, ""
			}
		}
		answer := rule(as)
		if said != "" && answer.Clear && as.Op(op).AllOK() && answer.Word != "partial" {
			return claim.Shows("delivered-rewritten", "%s", said)
		}
		return answer
	}
}
