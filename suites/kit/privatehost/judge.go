package privatehost

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Turn is a claim that gave something else on a faulty host than on a healthy one.
type Turn struct {
	Claim         string
	Before, After claim.Result
}

// String reads "v4.block.bind: observed whole-block, now observed only-127.0.0.1 (…)", in one line.
func (t Turn) String() string {
	text := fmt.Sprintf("%s: %s %s, now %s %s (%s)", t.Claim, t.Before.Verdict, t.Before.Behaviour, t.After.Verdict,
		t.After.Behaviour, t.After.Reason)
	return strings.Join(strings.Fields(text), " ")
}

// Turned lists the claims whose verdict or behaviour differs between two surveys.
func Turned(before, after []claim.Result) []Turn {
	var out []Turn
	for i, b := range before {
		if a := after[i]; claim.Turned(b.Finding, a.Finding) {
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
	// Unproven are claims that turned and prove nothing by it, each with the reason.
	Unproven []string
}

// Agrees says whether exactly the claims turned that had to, as far as they could be measured, and
// each of them says how.
func (j Judgement) Agrees() bool {
	return len(j.Missed) == 0 && len(j.Moved) == 0 && len(j.Unproven) == 0
}

// tries is how often an unsteady fault is tried: a claim that still gave its healthy answer by
// chance once in four times would be found out with a probability of one half and more.
const tries = 3

// Try measures every claim with a fault in the private hosts, and judges what it turned.
func (s *Surveys) Try(f Fault, healthy []claim.Result) (Judgement, error) {
	n := 1
	if f.Unsteady {
		n = tries
	}
	surveys, errs := make([][]claim.Result, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { surveys[i], errs[i] = s.Survey(f.Name) })
	}
	all.Wait()
	var failed *multierror.Error
	for _, err := range errs {
		if err != nil {
			failed = multierror.Append(failed, err)
		}
	}
	if failed != nil {
		return Judgement{}, failed
	}
	return f.judge(healthy, surveys...), nil
}

// judge compares what a fault turned, each time that it was tried, with what it had to turn: every
// time, and nothing else unless it is unsteady.
func (f Fault) judge(healthy []claim.Result, surveys ...[]claim.Result) Judgement {
	j := Judgement{Turned: Turned(healthy, surveys[0])}
	times := map[string]int{}
	for _, faulty := range surveys {
		for _, t := range Turned(healthy, faulty) {
			times[t.Claim]++
		}
	}
	for _, r := range healthy {
		switch must := slices.Contains(f.Turns, r.Claim); {
		case must && r.Verdict == claim.NotRun && times[r.Claim] == 0:
			j.Unmeasured = append(j.Unmeasured, r.Claim)
		case must && times[r.Claim] < len(surveys):
			j.Missed = append(j.Missed, r.Claim)
		case !must && times[r.Claim] > 0 && !f.Unsteady:
			j.Moved = append(j.Moved, r.Claim)
		}
	}
	for _, id := range f.Turns {
		if !slices.ContainsFunc(healthy, func(r claim.Result) bool { return r.Claim == id }) {
			j.Missed = append(j.Missed, id) // there is no such claim
		}
	}
	j.Unproven = f.unproven(j.Turned)
	return j
}

// unproven says which turned claims prove nothing. An unsteady fault turns a claim to one word now
// and to another then; and what a fault observes by the way, of claims that nothing asks to
// conform, differs from kernel to kernel.
func (f Fault) unproven(turned []Turn) (problems []string) {
	own := map[string]bool{}
	for _, e := range claim.Catalogue() {
		own[e.ID] = e.Fault == f.Name && len(e.Parts) > 0
	}
	for _, t := range turned {
		err := claim.Unproven(t.Before.Finding, t.After.Finding, own[t.Claim], f.Observes[t.Claim])
		aside := t.Before.Verdict == claim.Observed && t.After.Verdict == claim.Observed && f.Observes[t.Claim] == ""
		if err != nil && slices.Contains(f.Turns, t.Claim) && (own[t.Claim] || !f.Unsteady && !aside) {
			problems = append(problems, fmt.Sprintf("%s: %v", t.Claim, err))
		}
	}
	return problems
}
