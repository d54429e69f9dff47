package binds

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// magnitudes are the words for what `run --sweep listeners` holds, which depends on the memory of
// the machine: reports of two machines are to differ only if it is another order of magnitude.
var magnitudes = []struct {
	least int
	word  string
}{
	{capacity.Whole, "all-16777214"}, {10_000_000, "at-least-10000000"}, {1_000_000, "at-least-1000000"},
	{100_000, "at-least-100000"}, {10_000, "at-least-10000"}, {1000, "at-least-1000"}, {listeners, "at-least-256"},
}

// heldBehaviours are those that only `run --sweep listeners` can show.
func heldBehaviours() []claim.Behaviour {
	var out []claim.Behaviour
	for _, m := range magnitudes {
		if m.least != listeners {
			out = append(out, claim.Behaviour{Word: m.word, Means: "loopmatrix run --sweep listeners holds this many and the sample answers, each as itself"})
		}
	}
	return append(out, claim.Behaviour{Word: "crossed", Means: "somebody answers at an address that nobody listens on, or for another listener"})
}

// heldListeners reads what package capacity has seen.
func heldListeners(seen observation.Set) claim.Answer {
	held := seen.Op("hold").Outcome(observation.OK).Count()
	nobodys := seen.Op("reach").Where(func(o observation.Observation) bool {
		return o.Variant == capacity.Outside || o.Variant == capacity.Closed
	})
	theirs := seen.Op("reach").Where(func(o observation.Observation) bool {
		return o.Variant == capacity.Sample || o.Variant == capacity.Beside
	})
	crossed := append(nobodys.Outcome(observation.Astray), theirs.Outcome(observation.Astray)...)
	switch {
	case len(crossed) > 0:
		return claim.Shows("crossed", "%d held; %d of %d dialled: %s, such as %s", held, crossed.Count(), nobodys.Count()+theirs.Count(),
			list(crossed.Values()), crossed.FirstTarget())
	case len(theirs) > 0 && !theirs.AllOK():
		return claim.Shows("unanswered", "%d held; of %d dialled: %s", held, theirs.Count(), list(theirs.Errors()))
	case held >= listeners && len(theirs) > 0:
		return claim.Shows(magnitude(held), "%d held%s; %d dialled, each answered as itself%s", held, cost(seen), theirs.Count(), end(seen))
	}
	stopped := append(seen.Op("limit"), seen.Op("hold")...).Where(func(o observation.Observation) bool { return o.Errno != "" })
	if len(stopped) > 0 {
		return claim.Shows(stopped[0].Errno, "%d held, then %s", held, list(stopped.Errors()))
	}
	return claim.Unclear("%d held%s", held, end(seen))
}

func magnitude(held int) string {
	for _, m := range magnitudes {
		if held >= m.least {
			return m.word
		}
	}
	return ""
}

// cost tells what one of them costs, if that is known.
func cost(seen observation.Set) string {
	o, known := seen.Op("memory").First()
	if !known {
		return ""
	}
	return fmt.Sprintf(" at %s bytes each", o.Value)
}

// end tells what stopped it.
func end(seen observation.Set) string {
	o, known := seen.Op("limit").First()
	if !known {
		return ""
	}
	return "; stopped by: " + strings.TrimSpace(strings.ReplaceAll(o.Value, "-", " ")+" "+o.Errno)
}
