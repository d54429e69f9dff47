package ipv6

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// unanimous reads whether all attempts worked, none did, or some: word, partial, the errno that all
// failed with, silent if nothing ever came back, or fails if they failed in different ways.
func unanimous(word string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		seen = attempts(seen)
		good, errs := seen.Outcome(observation.OK).Count(), seen.Errors()
		failed := seen.Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
		switch {
		case len(seen) == 0:
			return claim.Unclear("nothing was tried")
		case seen.AllOK():
			return claim.Shows(word, "all %d attempts", good)
		case good > 0:
			return claim.Shows("partial", "%d of %d attempts gave %s", failed.Count(), seen.Count(), strings.Join(errs, ", "))
		case failed.All(silent):
			return claim.Shows("silent", "all %d attempts gave %s", failed.Count(), strings.Join(errs, ", "))
		case len(errs) == 1 && strings.HasPrefix(errs[0], "E"):
			return claim.Shows(errs[0], "all %d attempts", failed.Count())
		default:
			return claim.Shows("fails", "%s", strings.Join(errs, ", "))
		}
	}
}

// attempts are the operations of the probes that try to reach something.
func attempts(seen observation.Set) observation.Set {
	return seen.Where(func(o observation.Observation) bool {
		return slices.Contains([]string{"bind", "connect", "send", "listen", "join"}, o.Op)
	})
}

func silent(o observation.Observation) bool {
	return o.Outcome == observation.Timeout || o.Outcome == observation.Lost
}

// outcomes are the behaviours of unanimous: the first is what it shows if all attempts worked, and
// failing says whether the source asks for failure.
func outcomes(works claim.Behaviour, failing bool) []claim.Behaviour {
	return []claim.Behaviour{
		works,
		{Word: "partial", Means: "some attempts work, others don't"},
		{Word: claim.AnyErrno, Means: "every attempt fails with this errno", Conforms: failing},
		{Word: "silent", Means: "nothing ever comes back", Conforms: failing},
		{Word: "fails", Means: "every attempt fails, in different ways", Conforms: failing},
	}
}
