package block

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.closed.refused",
	Family: claim.Block,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.10.7.1"), claim.RFC(1122, "3.2.2.1"), claim.RFC(1122, "4.1.3.1")},
		Note: "RFC 9293 answers a segment for a closed port with a reset; RFC 1122 says a host SHOULD answer a datagram for a closed " +
			"port with port unreachable. Both ask the host that owns the address: where the system has no such address, an error " +
			"at once that says so is as good."},
	Sentence: "A closed port on any address of 127.0.0.0/8 is refused at once, and never times out.",
	Question: "Does a connection to a closed port on 127.0.0.2 fail at once, or does it hang?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "closed-ports-silent",
	Behaviours: []claim.Behaviour{
		{Word: "refused", Means: "TCP connect and the next operation on a connected UDP socket are refused at every address", Conforms: true},
		{Word: "fails-at-once", Means: "127.0.0.1 refuses; every other address refuses, or gives at once an error that says that it is none of this host's", Conforms: true},
		{Word: "other-error", Means: "127.0.0.1 refuses; another address gives an error at once that does not say that it is none of this host's"},
		{Word: "refused-late", Means: "as refused or fails-at-once, but a connection fails only after a second or more, as on a system that repeats the request; " +
			"no RFC names a time", Conforms: true},
		{Word: "tcp-only", Means: "TCP is refused at every address; UDP is not told at any"},
		{Word: "tcp-only-late", Means: "as tcp-only, but a connection fails only after a second or more"},
		{Word: "udp-only", Means: "UDP is refused at every address; TCP connect gets no answer at any"},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 refuses; connections to the other addresses get no answer"},
		{Word: "partial", Means: "some addresses refuse, others give no answer"},
		{Word: "silent", Means: "no address gives an answer"},
		{Word: "no-refusal", Means: "not even 127.0.0.1 refuses: it gives another error, or over one protocol another error and over the other no answer"},
		{Word: "answered", Means: "something answers at a port on which nothing listens"},
	},
	Rule: refusal,
}, func(h *host.Host) observation.Set {
	port, err := probe.ClosedPort(h, sock.TCP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a closed TCP port")
	seen := quickest(func(all []netip.Addr) observation.Set { return probe.DialClosed(h, port, all) }, h.Sample, lateMicros)
	port, err = probe.ClosedPort(h, sock.UDP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a closed UDP port")
	return append(seen, probe.SendClosed(h, port, h.Sample)...)
})

// lateMicros is the time from which on a connection does not fail at once, in microseconds. A
// system that answers the first request takes a thousandth of it, one that repeats the request
// takes two seconds.
const lateMicros = 1_000_000

func refusal(seen observation.Set) claim.Answer {
	tcp, udp := seen.Op("connect"), seen.Op("send")
	answered := seen.Outcome(observation.OK)
	silent := seen.Where(mute)
	refused := func(o observation.Observation) bool { return o.Outcome == observation.Refused }
	all, quiet := seen.Targets(), silent.Targets()
	good := without(all, seen.Where(func(o observation.Observation) bool { return o.Outcome != observation.Refused }).Targets())
	errs := strings.Join(seen.Errors(), ", ")
	slowest := slowestFailure(tcp)
	switch {
	case len(tcp) == 0 || len(udp) == 0:
		return claim.Unclear("TCP or UDP was not tried")
	case len(answered) > 0:
		return claim.Shows("answered", "%s %s", answered[0].Proto, answered.FirstTarget())
	case seen.All(refused) && slowest >= lateMicros:
		return claim.Shows("refused-late", "all %d addresses, %s", len(all), after(slowest))
	case seen.All(refused):
		return claim.Shows("refused", "all %d addresses", len(all))
	case seen.All(mute):
		return claim.Shows("silent", "all %d addresses gave %s", len(all), errs)
	case tcp.All(refused) && udp.All(mute) && slowest >= lateMicros:
		return claim.Shows("tcp-only-late", "TCP %s; UDP at all %d addresses gave %s", after(slowest), len(all), strings.Join(udp.Errors(), ", "))
	case tcp.All(refused) && udp.All(mute):
		return claim.Shows("tcp-only", "UDP at all %d addresses gave %s", len(all), strings.Join(udp.Errors(), ", "))
	case udp.All(refused) && tcp.All(mute):
		return claim.Shows("udp-only", "TCP at all %d addresses gave %s", len(all), strings.Join(tcp.Errors(), ", "))
	case len(seen.Outcome(observation.Refused)) == 0:
		return claim.Shows("no-refusal", "%s", errs)
	case len(silent) > 0 && slices.Equal(good, []string{host.One.String()}):
		return claim.Shows("only-127.0.0.1", "the other addresses gave %s", errs)
	case len(silent) > 0:
		return claim.Shows("partial", "%d of %d addresses gave %s, %s first", len(quiet), len(all),
			strings.Join(silent.Errors(), ", "), silent.FirstTarget())
	case !slices.Contains(good, host.One.String()):
		return claim.Shows("no-refusal", "%s", errs)
	case seen.Where(strange).Count() > 0:
		return claim.Shows("other-error", "%s gave %s", seen.Where(strange).FirstTarget(), strings.Join(seen.Where(strange).Errors(), ", "))
	case slowest >= lateMicros:
		return claim.Shows("refused-late", "%d of %d addresses refuse, %s; the errors are %s", len(good), len(all), after(slowest), errs)
	default:
		return claim.Shows("fails-at-once", "%d of %d addresses refuse; the errors are %s", len(good), len(all), errs)
	}
}

// strange reports whether an error is none of a closed port, nor one of an address that the host
// does not have: no such address, or no way to it.
func strange(o observation.Observation) bool {
	return o.Outcome != observation.Refused && o.Outcome != observation.Unavailable && o.Outcome != observation.Unreachable
}

// slowestFailure returns the time of the slowest connection that failed, in microseconds; one
// without an answer is none.
func slowestFailure(tcp observation.Set) (micros int64) {
	for _, o := range tcp {
		if !mute(o) {
			micros = max(micros, o.TookMicros)
		}
	}
	return micros
}

// after reads "after 2 s". It stands in the reason, from which the headline takes it.
func after(micros int64) string {
	return fmt.Sprintf("after %.0f s", time.Duration(micros*int64(time.Microsecond)).Seconds())
}

// mute says that there was no answer: a connect that timed out, or a datagram of which no operation
// told anything.
func mute(o observation.Observation) bool {
	return o.Outcome == observation.Timeout || o.Outcome == observation.Lost
}
