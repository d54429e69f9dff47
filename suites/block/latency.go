package block

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// quickMicros is the time that a refusal may take by the claim, in microseconds.
const quickMicros = 100_000

var _ = claim.It(claim.Claim{
	ID:     "v4.closed.latency",
	Family: claim.Block,
	Level:  claim.Folk,
	Source: claim.Source{Note: "Test suites that probe for a free port count on it (httrack issue 543). Windows repeats the request three " +
		"times, 500 ms apart, before it reports the refusal; Go's net package hides that with SIO_TCP_INITIAL_RTO."},
	Sentence: "The refusal of a connection to a closed port takes less than 100 ms.",
	Question: "How quickly do I learn that nothing listens on a loopback port?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "slow-refusal",
	Behaviours: []claim.Behaviour{
		{Word: "under-100ms", Means: "every address refused within 100 ms"},
		{Word: "slower", Means: "an address refused, after 100 ms or more each time"},
		{Word: "never", Means: "no address refused, and at least one gave no answer"},
		{Word: "no-refusal", Means: "no address refused; all gave another error"},
	},
	Rule: latency,
}, func(h *host.Host) observation.Set {
	port, err := probe.ClosedPort(h, sock.TCP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a closed TCP port")
	dial := func(all []netip.Addr) observation.Set { return probe.DialClosed(h, port, all) }
	return quickest(dial, []netip.Addr{host.One, host.Two, host.Debian}, quickMicros)
})

// dials is how often an address is dialled at most. A system that repeats a request does so each
// time; what makes others slow is a busy processor, now and then.
const dials = 3

// quickest gives the quickest of several refusals of each address. One that took less than enough,
// in microseconds, needs no other.
func quickest(dial func([]netip.Addr) observation.Set, all []netip.Addr, enough int64) observation.Set {
	seen := dial(all)
	for range dials - 1 {
		var slow []netip.Addr
		for i, o := range seen {
			if o.Outcome == observation.Refused && o.TookMicros >= enough {
				slow = append(slow, all[i])
			}
		}
		for _, o := range dial(slow) {
			i := slices.IndexFunc(seen, func(s observation.Observation) bool { return s.Targets[0] == o.Targets[0] })
			if o.Outcome == observation.Refused && o.TookMicros < seen[i].TookMicros {
				seen[i] = o
			}
		}
	}
	return seen
}

// latency reads how long the refusals took; addresses that did not refuse are v4.closed.refused's
// question.
func latency(seen observation.Set) claim.Answer {
	seen = seen.Op("connect")
	refused := seen.Outcome(observation.Refused)
	slow := refused.Where(func(o observation.Observation) bool { return o.TookMicros >= quickMicros })
	silent := seen.Where(mute)
	at := strings.Join(refused.Targets(), ", ")
	switch {
	case len(seen) == 0:
		return claim.Unclear("nothing was dialled")
	case len(slow) > 0:
		return claim.Shows("slower", "at %s", at)
	case len(refused) > 0:
		return claim.Shows("under-100ms", "at %s", at)
	case len(silent) > 0:
		return claim.Shows("never", "%s gave %s", silent.FirstTarget(), strings.Join(silent.Errors(), ", "))
	default:
		return claim.Shows("no-refusal", "%s", strings.Join(seen.Errors(), ", "))
	}
}
