package binds

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.sameport.addrs",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{posix("bind"), claim.RFC(9293, "3.9.1.1"), claim.RFC(1122, "4.2.3.7")},
		Note: "POSIX: EADDRINUSE is for a specified address that is already in use; another address with the same port is another one"},
	Sentence: "The same port can be bound at once on 127.0.0.1 and on 127.0.0.2.",
	Question: "Can two servers use the same port, one on 127.0.0.1 and one on 127.0.0.2?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:    "one-port-for-all-addresses",
	Behaviours: []claim.Behaviour{
		{Word: "separate", Means: "one port is bound on every address at once, over TCP and UDP", Conforms: true},
		{Word: "tcp-only", Means: "one port is bound on every address at once over TCP, and not over UDP"},
		{Word: "udp-only", Means: "one port is bound on every address at once over UDP, and not over TCP"},
		{Word: "partial", Means: "one port is bound on some of the addresses at once"},
		{Word: "conflict", Means: "a port that is bound on one address can't be bound on another"},
	},
	Rule: separatePorts,
}, func(h *host.Host) observation.Set {
	needAddress(h, host.Two)
	var seen observation.Set
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		some, seated, err := probe.BindAll(h, t, "", h.Sample[:sameportAddresses])
		if err != nil {
			h.NotRun("bind", err)
		}
		seated.Close()
		seen = append(seen, some...)
	}
	return seen
})

// sameportAddresses is how many addresses share one port: all of the sample but the random ones,
// whose difference to the others is what claim v4.block.bind is about.
const sameportAddresses = 20

// separatePorts reads whether one port can be held on every address. An address that is none of
// this host's (EADDRNOTAVAIL) says nothing about ports.
func separatePorts(seen observation.Set) claim.Answer {
	seen = seen.Op("bind").Where(func(o observation.Observation) bool { return o.Outcome != observation.Unavailable })
	held := seen.Outcome(observation.OK)
	failed := seen.Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
	tcp, udp := seen.Proto("tcp"), seen.Proto("udp")
	switch {
	case len(tcp.Targets()) < 2 || len(udp.Targets()) < 2:
		return claim.Unclear("fewer than two addresses are this host's")
	case len(failed) == 0:
		return claim.Shows("separate", "one port on %d addresses", len(held.Targets()))
	case tcp.AllOK() && len(held.Proto("udp").Targets()) <= 1:
		return claim.Shows("tcp-only", "over UDP: %s", list(failed.Errors()))
	case udp.AllOK() && len(held.Proto("tcp").Targets()) <= 1:
		return claim.Shows("udp-only", "over TCP: %s", list(failed.Errors()))
	case len(held.Proto("tcp").Targets()) <= 1 && len(held.Proto("udp").Targets()) <= 1:
		return claim.Shows("conflict", "every address after the first gives %s", list(failed.Errors()))
	default:
		return claim.Shows("partial", "%d of %d binds give %s, %s first", failed.Count(), seen.Count(), list(failed.Errors()), failed.FirstTarget())
	}
}
