// Package claimtest tests the rules of claims by tables, and says which rules no table tests.
package claimtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Row is one case of a rule: what was observed, and the behaviour that the rule must read from it;
// none if it can't tell.
type Row struct {
	Name string
	Seen observation.Set
	Want string
}

// Rule tests the rule of a claim by a table. Beside what the rows say, it demands that the answer
// is the same after observation.Fold, that it has a reason and is declared, that nothing is read
// from no observation or from operations which no probe has, and that no field of an observation
// which is empty or unknown ends in a panic. Run demands that the tables of a claim show every
// behaviour that it declares.
func Rule(t *testing.T, id string, rows []Row) {
	t.Helper()
	entries := claim.Catalogue()
	i := slices.IndexFunc(entries, func(e claim.Entry) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("there is no claim %s", id)
	}
	c := entries[i].Claim
	tabled.add(c, rows)
	for _, r := range append(slices.Clone(rows), Row{Name: "nothing was observed"}) {
		t.Run(id+"/"+r.Name, func(t *testing.T) {
			t.Helper()
			for _, problem := range slices.Concat(asked(c, r), odd(c, r)) {
				t.Error(problem)
			}
		})
	}
}

// asked says what is wrong with the answer to a row, as it was seen and folded.
func asked(c claim.Claim, r Row) (problems []string) {
	found := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	answer, folded, err := twice(c, r.Seen)
	if err != nil {
		return []string{err.Error()}
	}
	if answer.Word != r.Want || answer.Clear != (r.Want != "") {
		found("%q (clear: %t, %s), want %q", answer.Word, answer.Clear, answer.Reason, r.Want)
	}
	if folded != answer {
		found("folded it is %+v, and was %+v", folded, answer)
	}
	if _, declared := c.Behaviour(answer.Word); answer.Clear && !declared {
		found("%q is no declared behaviour", answer.Word)
	}
	if answer.Reason == "" {
		found("no reason")
	}
	return problems
}

const unknown = "what nothing of this version writes"

// spoilers each make an observation into one that a probe of another version might have made, or a
// hand.
var spoilers = map[string]func(*observation.Observation){
	"unknown operation": func(o *observation.Observation) { o.Op = unknown },
	"unknown transport": func(o *observation.Observation) { o.Proto = unknown },
	"unknown variant":   func(o *observation.Observation) { o.Variant = unknown },
	"no variant":        func(o *observation.Observation) { o.Variant = "" },
	"no target":         func(o *observation.Observation) { o.Targets = nil },
	"unknown target":    func(o *observation.Observation) { o.Targets = []string{unknown} },
	"unknown outcome":   func(o *observation.Observation) { o.Outcome = unknown },
	"unknown errno":     func(o *observation.Observation) { o.Outcome, o.Errno = observation.Failed, unknown },
	"no errno":          func(o *observation.Observation) { o.Outcome, o.Errno, o.Number = observation.Failed, "", 0 },
	"no source":         func(o *observation.Observation) { o.Source = "" },
	"unknown source":    func(o *observation.Observation) { o.Source = unknown },
	"no value":          func(o *observation.Observation) { o.Value = "" },
	"unknown value":     func(o *observation.Observation) { o.Value = unknown },
	"no count":          func(o *observation.Observation) { o.Count = 0 },
}

// odd says what is wrong with the answers to a row whose observations are spoiled, one at a time
// and all at once.
func odd(c claim.Claim, r Row) (problems []string) {
	for name, spoil := range spoilers {
		for i := -1; i < len(r.Seen); i++ {
			seen := slices.Clone(r.Seen)
			for j := range seen {
				if i < 0 || i == j {
					spoil(&seen[j])
				}
			}
			answer, folded, err := twice(c, seen)
			switch {
			case err != nil:
				problems = append(problems, fmt.Sprintf("%s in %s: %v", name, which(i), err))
			case folded.Word != answer.Word || folded.Clear != answer.Clear: // a reason lists addresses in the order that is left
				problems = append(problems, fmt.Sprintf("%s in %s: folded it is %+v, and was %+v", name, which(i), folded, answer))
			case name == "unknown operation" && i < 0 && answer.Clear:
				problems = append(problems, fmt.Sprintf("%s in %s: it reads %q (%s) from what it can't know", name, which(i), answer.Word, answer.Reason))
			}
		}
	}
	slices.Sort(problems)
	return problems
}

func which(i int) string {
	if i < 0 {
		return "all observations"
	}
	return fmt.Sprintf("observation %d", i+1)
}

// twice asks a rule about observations as they are and folded; the error is a panic.
func twice(c claim.Claim, seen observation.Set) (answer, folded claim.Answer, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("the rule panicked: %v", thrown)
		}
	}()
	return c.Rule(seen), c.Rule(observation.Fold(seen)), nil
}
