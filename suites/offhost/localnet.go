package offhost

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.neighbour.bypass.opt",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   claim.Source{References: []claim.Reference{localnet, cve}, Note: "It is the positive control of v4.neighbour.bypass."},
	Sentence: "The documented switch that lets a neighbour reach services on 127.0.0.1 is off by default, and works when it is on.",
	Question: "What does route_localnet really open?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "opens", Means: "with the switch on the neighbour reaches the service, and without it does not"},
		{Word: "no-effect", Means: "the neighbour does not reach the service even with the switch on"},
		{Word: "open-anyway", Means: "the neighbour reaches the service even with the switch off"},
	},
	Rule:  opens,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	seen := observation.Set{link.ReadSwitch(h, "net.ipv4.conf.all.route_localnet"), link.ReadSwitch(h, localnetOf(h))}
	seen = append(seen, callService(h, untouched)...)
	openLocalnet(h)
	return append(seen, callService(h, opened)...)
})...)

// The states of the switch: as the system sets it, and on.
const (
	untouched = "switch as it is"
	opened    = "switch on"
)

// localnetOf is the switch for the interface of the cable. It counts if it or the one for all is on
// (ip-sysctl.rst).
func localnetOf(h *host.Host) string { return "net.ipv4.conf." + h.Cable().Name + ".route_localnet" }

// openLocalnet switches it on. On a system without such a switch the spec ends.
func openLocalnet(h *host.Host) {
	if err := h.Admin.Set(localnetOf(h), "1"); err != nil {
		h.NotRun("set switch", err)
	}
}

// inState selects the observations that were made in one state of the switch.
func inState(seen observation.Set, state string) observation.Set {
	return seen.Where(func(o observation.Observation) bool {
		return o.Variant == state || strings.HasSuffix(o.Variant, ", "+state)
	})
}

func opens(seen observation.Set) claim.Answer {
	before, after := bypasses(inState(seen, untouched)), bypasses(inState(seen, opened))
	switch {
	case !before.Clear || !after.Clear:
		return claim.Unclear("%s; %s", before.Reason, after.Reason)
	case before.Word == "reached":
		return claim.Shows("open-anyway", "%s", before.Reason)
	case after.Word == "reached":
		return claim.Shows("opens", "%s", after.Reason)
	default:
		return claim.Shows("no-effect", "%s", after.Reason)
	}
}
