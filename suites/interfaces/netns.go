package interfaces

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "if.netns",
	Family:   claim.Interface,
	Level:    claim.Impl,
	Source:   free("network_namespaces(7) for Linux; gVisor starts with lo configured"),
	Sentence: "A new isolated network context starts with a loopback interface that is down and has no address.",
	Question: "Does loopback work in a new network namespace?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Behaviours: []claim.Behaviour{
		{Word: "down-bare", Means: "the loopback interface is down and has no address"},
		{Word: "down-addressed", Means: "the loopback interface is down, and has addresses"},
		{Word: "up-bare", Means: "the loopback interface is up, and has no address"},
		{Word: "up-addressed", Means: "the loopback interface is up and has addresses"},
		{Word: "none", Means: "there is no loopback interface"},
	},
	Rule:  fresh,
	Fault: "lo-up-at-once",
}, claim.Part{Name: "as it starts", In: host.Arrangement{LoDown: true, Fresh: true}, Spec: link.Addresses})

// fresh reads the state of lo before anything was done to it.
func fresh(seen observation.Set) claim.Answer {
	listed := seen.Op("interface")
	up := listed.Where(func(o observation.Observation) bool { return strings.Contains(o.Value, "UP") })
	addresses := seen.Op("address").Where(func(o observation.Observation) bool { return strings.HasSuffix(o.Variant, link.OnLoopback) })
	state, has := "down", "bare"
	if len(up) > 0 {
		state = "up"
	}
	if len(addresses) > 0 {
		has = "addressed"
	}
	switch {
	case len(listed) == 0:
		return claim.Unclear("no listing of the interfaces")
	case len(listed.Outcome(observation.OK)) == 0:
		return claim.Shows("none", "no interface in the listing has the loopback flag")
	default:
		return claim.Shows(state+"-"+has, "the listing has %s on loopback", orNothing(addresses.Targets()))
	}
}

func orNothing(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
