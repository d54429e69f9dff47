package lab

import (
	"fmt"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// Turn is a claim that gave something else on a faulty host than on a healthy one.
type Turn struct {
	Claim         string
	Before, After claim.Result
}

// String reads "v4.block.bind: observed whole-block, now observed only-127.0.0.1 (…)".
func (t Turn) String() string {
	return fmt.Sprintf("%s: %s %s, now %s %s (%s)", t.Claim, t.Before.Verdict, t.Before.Behaviour, t.After.Verdict,
		t.After.Behaviour, t.After.Reason)
}

// Turned lists the claims whose verdict or behaviour differs between two surveys.
func Turned(before, after []claim.Result) []Turn {
	var out []Turn
	for i, b := range before {
		if a := after[i]; a.Verdict != b.Verdict || a.Behaviour != b.Behaviour {
			out = append(out, Turn{b.Claim, b, a})
		}
	}
	return out
}

// Judgement says whether a fault turned what it had to.
type Judgement struct {
	Turned []Turn
	// Missed are claims that had to turn and did not; Moved are others that did.
	Missed, Moved []string
	// Unmeasured are claims that had to turn and could not be measured on the healthy host either.
	Unmeasured []string
}

// Agrees says whether exactly the claims turned that had to, as far as they could be measured.
func (j Judgement) Agrees() bool { return len(j.Missed) == 0 && len(j.Moved) == 0 }

// Judge compares what a fault turned with what it had to turn.
func (f Fault) Judge(healthy, faulty []claim.Result) Judgement {
	j := Judgement{Turned: Turned(healthy, faulty)}
	turned := map[string]bool{}
	for _, t := range j.Turned {
		turned[t.Claim] = true
		if !slices.Contains(f.Turns, t.Claim) && !f.Unsteady {
			j.Moved = append(j.Moved, t.Claim)
		}
	}
	for _, id := range f.Turns {
		switch i := slices.IndexFunc(healthy, func(r claim.Result) bool { return r.Claim == id }); {
		case turned[id]:
		case i >= 0 && healthy[i].Verdict == observe.NotRun:
			j.Unmeasured = append(j.Unmeasured, id)
		default:
			j.Missed = append(j.Missed, id)
		}
	}
	return j
}
