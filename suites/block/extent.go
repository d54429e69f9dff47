package block

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// extent reads how much of the block an operation works for: whole-block, only-127.0.0.1, partial or none. An address
// counts as working only if every observation of it is OK.
func extent(op string) claim.Rule {
	return func(seen observe.Set) claim.Answer {
		seen = seen.Op(op)
		failed := seen.Where(func(o observe.Observation) bool { return o.Outcome != observe.OK })
		all, bad := seen.Targets(), failed.Targets()
		good := slices.DeleteFunc(slices.Clone(all), func(a string) bool { return slices.Contains(bad, a) })
		errs := strings.Join(failed.Errors(), ", ")
		switch {
		case len(all) < 2:
			return claim.Unclear("only %d addresses were tried", len(all))
		case len(bad) == 0:
			return claim.Shows("whole-block", "all %d addresses tried", len(all))
		case slices.Equal(good, []string{"127.0.0.1"}):
			return claim.Shows("only-127.0.0.1", "the other %d addresses gave %s", len(bad), errs)
		case len(good) == 0:
			return claim.Shows("none", "all %d addresses gave %s", len(bad), errs)
		default:
			return claim.Shows("partial", "%d of %d addresses gave %s, %s first", len(bad), len(all), errs, bad[0])
		}
	}
}
