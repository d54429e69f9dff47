package interfaces

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "if.lo.up",
	Family: claim.Interface,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(8504, "")},
		Note: "both assume a loopback interface and ask for none; what is seen is the state at the time of the run, not at boot"},
	Sentence: "A loopback interface exists and is up.",
	Question: "Is there a loopback interface, and is it up?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "lo-down",
	Behaviours: []claim.Behaviour{
		{Word: "up", Means: "a loopback interface is up", Conforms: true},
		{Word: "down", Means: "there are loopback interfaces, and all are down"},
		{Word: "none", Means: "no interface is a loopback interface"},
	},
	Rule: isUp,
}, link.Interfaces)

func isUp(seen observation.Set) claim.Answer {
	listed := seen.Op("interface").Outcome(observation.OK)
	up := listed.Where(func(o observation.Observation) bool { return strings.Contains(o.Value, "UP") })
	switch {
	case len(seen.Op("interface")) == 0:
		return claim.Unclear("no listing of the interfaces")
	case len(listed) == 0:
		return claim.Shows("none", "no interface in the listing has the loopback flag")
	case len(up) == 0:
		return claim.Shows("down", "%s", strings.Join(listed.Targets(), ", "))
	default:
		return claim.Shows("up", "%s", strings.Join(up.Targets(), ", "))
	}
}
