package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var isolationBehaviours = []claim.Behaviour{
	{Word: "isolated", Means: "everything reached the server on the address that it was sent to", Conforms: true},
	{Word: "crossed", Means: "something reached a server on another address"},
}

var _ = claim.It(claim.Claim{
	ID:     "bind.isolation.tcp",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{posix("bind"), claim.RFC(9293, "3.9.1.1"), claim.RFC(1122, "4.2.3.7")},
		Note: "RFC 1122 leaves a listener that named its local address with the connections to that address"},
	Sentence:   "A TCP client of one loopback address never reaches the listener on another.",
	Question:   "Can a connection to 127.0.0.1 end up at the server on 127.0.0.2?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:      "tcp-crosses-addresses",
	Behaviours: isolationBehaviours,
	Rule:       isolation,
}, func(h *host.Host) observation.Set { return reachBoth(h, sock.TCP) })

var _ = claim.It(claim.Claim{
	ID:         "bind.isolation.udp",
	Family:     claim.Binds,
	Level:      claim.Stated,
	Source:     claim.Source{References: []claim.Reference{posix("bind"), claim.RFC(1122, "4.1.3.5")}},
	Sentence:   "A datagram to one loopback address never reaches the socket bound to another.",
	Question:   "Can a datagram to 127.0.0.1 end up at the server on 127.0.0.2?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:      "udp-crosses-addresses",
	Behaviours: isolationBehaviours,
	Rule:       isolation,
}, func(h *host.Host) observation.Set { return reachBoth(h, sock.UDP) })

// flowsEach is how many flows go to each address: a crossing that befalls one in two hundred is
// missed once in 150 runs (0.995 to the 1000th).
const flowsEach = 1000

func reachBoth(h *host.Host, t sock.Type) observation.Set {
	needAddress(h, host.Two)
	seen, seated, err := probe.BindAll(h, t, "", []netip.Addr{host.One, host.Two})
	defer seated.Close()
	if err == nil && !seated.Both() {
		err = probe.Failure(seen)
	}
	if err != nil {
		h.NotRun("bind", err)
	}
	return probe.Reach(h, "", seated.Servers, seated.Targets(), flowsEach)
}

// isolation reads whether anything crossed. An address that nothing reached says nothing.
func isolation(seen observation.Set) claim.Answer {
	seen = seen.Op("reach")
	crossed := seen.Outcome(observation.Astray)
	arrived := seen.Outcome(observation.OK)
	switch {
	case len(crossed) > 0:
		return claim.Shows("crossed", "%d of %d flows reached another server, %s", crossed.Count(), seen.Count(), list(crossed.Values()))
	case len(seen.Targets()) < 2:
		return claim.Unclear("fewer than two addresses were tried")
	case arrived.Count() < seen.Count():
		return claim.Unclear("nothing crossed, but %d of %d flows reached nobody: %s", seen.Count()-arrived.Count(), seen.Count(), list(seen.Errors()))
	default:
		return claim.Shows("isolated", "%d flows to %d addresses", seen.Count(), len(seen.Targets()))
	}
}
