package lab

import (
	"fmt"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
)

// Survey measures every claim on private hosts with this fault, in the order of the catalogue; an empty name is the
// healthy host. Claims that can't be measured are not among the results.
func Survey(fault string, seed uint64) ([]claim.Result, error) {
	shared, err := Measure(fault, seed)
	if err != nil {
		return nil, err
	}
	outside := &host.Host{Private: Private(fault, seed), Seed: seed}
	var all []claim.Result
	for _, e := range claim.Catalogue() {
		switch i := slices.IndexFunc(shared, func(r claim.Result) bool { return r.Claim == e.ID }); {
		case i >= 0:
			all = append(all, shared[i])
		case len(e.Parts) > 0:
			all = append(all, claim.Measure(e, outside))
		}
	}
	return all, nil
}

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
}

// Agrees says whether exactly the claims turned that had to.
func (j Judgement) Agrees() bool { return len(j.Missed) == 0 && len(j.Moved) == 0 }

// Judge compares what a fault turned with what it had to turn.
func (f Fault) Judge(turned []Turn) Judgement {
	j := Judgement{Turned: turned}
	for _, t := range turned {
		if !slices.Contains(f.Turns, t.Claim) {
			j.Moved = append(j.Moved, t.Claim)
		}
	}
	for _, id := range f.Turns {
		if !slices.ContainsFunc(turned, func(t Turn) bool { return t.Claim == id }) {
			j.Missed = append(j.Missed, id)
		}
	}
	return j
}
