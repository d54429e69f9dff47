package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "filter.selfreject",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{Note: "reports of users whose clients hang instead of being refused"},
	Sentence: "A rule that rejects what comes from 127.0.0.1 swallows its own rejection when client and server both use 127.0.0.1, " +
		"and a server on 127.0.0.2 avoids that.",
	Question: "Why does my client hang although the firewall rejects the connection?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "swallowed-on-one", Means: "the client of 127.0.0.1 hangs, the client of 127.0.0.2 is refused at once"},
		{Word: "swallowed-on-both", Means: "both clients hang"},
		{Word: "refused-on-both", Means: "both clients are refused at once"},
		{Word: "not-applied", Means: "a client is not denied at all"},
	},
	Rule:  ofFlows(selfReject),
	Fault: "closed-ports-silent",
}, claim.Part{Name: "rule on source 127.0.0.1", Spec: func(h *host.Host) observation.Set {
	unfiltered(h, host.One, host.Two)
	remove := h.NeedFilter(host.FilterRule{Hook: host.Incoming, Proto: "tcp", Source: host.One, Verb: host.Reset})
	defer func() { _ = remove() }() // the private host ends with the spec
	hangs := func(a netip.Addr) bool { return a == host.One }
	return probe.Knocks{From: host.One, Wait: sock.Impatience, Quiet: hangs}.Dial(h, []netip.Addr{host.One, host.Two})
}})

func selfReject(seen observation.Set) claim.Answer {
	one, two := seen.Target(host.One.String()), seen.Target(host.Two.String())
	hangs := func(o observation.Observation) bool { return o.Outcome == observation.Timeout }
	reason := "127.0.0.1: " + list(one.Errors()) + ", 127.0.0.2: " + list(two.Errors())
	switch {
	case len(one) == 0 || len(two) == 0:
		return claim.Unclear("not both servers were dialled")
	case len(seen.Outcome(observation.OK)) > 0:
		return claim.Shows("not-applied", "%s is reached", list(seen.Outcome(observation.OK).Targets()))
	case one.All(hangs) && two.All(hangs):
		return claim.Shows("swallowed-on-both", "%s", reason)
	case one.All(hangs):
		return claim.Shows("swallowed-on-one", "%s", reason)
	case two.All(hangs):
		return claim.Unclear("the client of 127.0.0.2 alone hangs: %s", reason)
	default:
		return claim.Shows("refused-on-both", "%s", reason)
	}
}
