package binds

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.wild-specific.reuseaddr",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{posix("setsockopt"), posix("bind")},
		Note: "POSIX: SO_REUSEADDR makes bind allow the reuse of local addresses, and does not say which"},
	Sentence: "With SO_REUSEADDR, 0.0.0.0 and 127.0.0.1 can hold the same port.",
	Question: "Does SO_REUSEADDR let one server hold 0.0.0.0:8080 and another one 127.0.0.1:8080?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "reuseaddr-shares-wildcard",
	Behaviours: []claim.Behaviour{
		{Word: "allowed", Means: "yes, in both orders, and the option on the second socket suffices"},
		{Word: "both-needed", Means: "yes, if both sockets set the option"},
		{Word: "both-unless-listening", Means: "yes, if both sockets set the option and neither of them is a listening TCP socket"},
		{Word: "tcp-only", Means: "over TCP always, over UDP never"},
		{Word: "udp-only", Means: "over UDP always, over TCP never"},
		{Word: "refused", Means: "never"},
		{Word: "mixed", Means: "in the arrangements that the reason lists"},
	},
	Rule: reuseaddrPattern,
}, func(h *host.Host) observation.Set {
	var seen observation.Set
	for _, p := range reuseaddrCells() {
		o, seated := p.Bind(h)
		seated.Close()
		seen = append(seen, o)
	}
	return seen
})

const (
	onBoth    = "option on both"
	onSecond  = "option on the second"
	listening = "listening"
)

// reuseaddrCells are all arrangements: both orders, the option on the second socket or on both, TCP
// listening and not, UDP.
func reuseaddrCells() []probe.Pair {
	reuse := []probe.Option{{Name: sock.ReuseAddr, Value: 1}}
	var out []probe.Pair
	for _, order := range []struct {
		name          string
		first, second probe.Seat
	}{
		{"wildcard first", probe.Seat{Addr: anyAddress}, probe.Seat{Addr: host.One, Options: reuse}},
		{"specific first", probe.Seat{Addr: host.One}, probe.Seat{Addr: anyAddress, Options: reuse}},
	} {
		for _, who := range []string{onSecond, onBoth} {
			p := probe.Pair{Type: sock.TCP, Variant: order.name + ", " + who, First: order.first, Second: order.second}
			if who == onBoth {
				p.First.Options = reuse
			}
			listens, bare, udp := p, p, p
			listens.Variant += ", " + listening
			bare.First.Bare, bare.Second.Bare = true, true
			udp.Type = sock.UDP
			out = append(out, listens, bare, udp)
		}
	}
	return out
}

// reuseaddrPattern finds the pattern in the cells.
func reuseaddrPattern(seen observation.Set) claim.Answer {
	seen = seen.Op("bind")
	is := func(allowed func(observation.Observation) bool) bool {
		return seen.All(func(o observation.Observation) bool { return (o.Outcome == observation.OK) == allowed(o) })
	}
	both := func(o observation.Observation) bool { return strings.Contains(o.Variant, onBoth) }
	listens := func(o observation.Observation) bool { return strings.HasSuffix(o.Variant, listening) }
	errnos := list(seen.Errors())
	switch {
	case len(cells(seen)) < len(reuseaddrCells()):
		return claim.Unclear("only %d of %d arrangements could be tried", len(cells(seen)), len(reuseaddrCells()))
	case seen.AllOK():
		return claim.Shows("allowed", "in all %d arrangements", len(cells(seen)))
	case is(func(observation.Observation) bool { return false }):
		return claim.Shows("refused", "%s", errnos)
	case is(both):
		return claim.Shows("both-needed", "otherwise %s", errnos)
	case is(func(o observation.Observation) bool { return both(o) && !listens(o) }):
		return claim.Shows("both-unless-listening", "otherwise %s", errnos)
	case is(func(o observation.Observation) bool { return o.Proto == "tcp" }):
		return claim.Shows("tcp-only", "otherwise %s", errnos)
	case is(func(o observation.Observation) bool { return o.Proto == "udp" }):
		return claim.Shows("udp-only", "otherwise %s", errnos)
	default:
		return claim.Shows("mixed", "allowed: %s; otherwise %s", strings.Join(cells(seen.Outcome(observation.OK)), "; "), errnos)
	}
}
