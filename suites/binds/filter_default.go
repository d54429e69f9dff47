package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// What the rules of a host make of loopback.
const (
	unruled = "no rules"
	skipped = "loopback is exempt"
	ruled   = "loopback is looked at"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "filter.lo.default",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{{Document: "OpenBSD", Section: "pf.conf(5)", URL: "https://man.openbsd.org/pf.conf"}},
		Note: "OpenBSD ships `set skip on lo`; other systems ship no rules, or rules of their own. What is read are the rules at " +
			"the time of the run."},
	Sentence: "The rule set that the system ships skips loopback altogether.",
	Question: "Does the firewall that came with the system look at loopback traffic?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "skips", Means: "a filter is on, and its rules exempt loopback; or a rule about loopback has no effect"},
		{Word: "filters", Means: "a filter is on, and its rules apply to loopback"},
		{Word: "no-filter", Means: "there are no rules, and one about loopback would apply"},
	},
	Rule:  shipped,
	Fault: "mapped-dropped",
}, claim.Part{Name: "the host as it is", Here: true, Spec: rulesOf},
	claim.Part{Name: "a rule that is added", Spec: func(h *host.Host) observation.Set {
		unfiltered(h, host.Two) // a rule on 127.0.0.1 would swallow its own resets (filter.selfreject)
		remove := h.NeedFilter(host.FilterRule{Hook: host.Incoming, Interface: h.Lo().Name, Proto: "tcp", Destination: host.Two, Verb: host.Reset})
		defer func() { _ = remove() }() // the private host ends with the spec
		return probe.Knocks{From: host.One, Wait: sock.Impatience}.Dial(h, []netip.Addr{host.Two})
	}})

// rulesOf reads the rules of the host as it is.
func rulesOf(h *host.Host) observation.Set {
	p := probe.Begin(h, "rules", "", "", "")
	if h.Rules == nil {
		h.NotRun("list rules", sock.Errno("list rules", "ENOSYS", 0))
	}
	set, err := h.Rules()
	switch {
	case err != nil:
		h.NotRun("list rules", err)
	case set.Rules == 0:
		p.Value(unruled)
	case set.Skips:
		p.Value(skipped)
	default:
		p.Value(ruled)
	}
	return observation.Set{p.End(nil)}
}

func shipped(seen observation.Set) claim.Answer {
	rules, any := seen.Op("rules").Outcome(observation.OK).First()
	added := seen.Op("connect")
	switch {
	case !any || len(added) == 0:
		return claim.Unclear("the rules were not read, or none was added")
	case rules.Value == skipped:
		return claim.Shows("skips", "%s", rules.Value)
	case rules.Value == ruled:
		return claim.Shows("filters", "%s", rules.Value)
	case len(added.Outcome(observation.OK)) > 0:
		return claim.Shows("skips", "a rule that rejects what comes to 127.0.0.2 over lo has no effect")
	default:
		return claim.Shows("no-filter", "%s; one that is added gives %s", rules.Value, list(added.Errors()))
	}
}
