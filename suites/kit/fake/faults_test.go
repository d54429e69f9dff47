package fake_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
)

// baselines measures each kind of healthy machine once, however many faults start from it.
type baselines struct {
	mu    sync.Mutex
	found map[string]map[string]claim.Finding
}

func (b *baselines) of(f fake.Fault) map[string]claim.Finding {
	m := f.Healthy()
	kind := fmt.Sprint(m.OS, m.Network)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.found[kind] == nil {
		b.found[kind] = measure(m)
	}
	return b.found[kind]
}

// TestFaults proves that every fault turns the claims that it says it turns, and no other; that one
// side deviates, or that the fault says what is observed differently; and that a claim gets an
// answer from its own fault. With -short only the claims that a fault says it turns are measured.
func TestFaults(t *testing.T) {
	base := &baselines{found: map[string]map[string]claim.Finding{}}
	for _, f := range fake.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			all := measured()
			if testing.Short() {
				all = slices.DeleteFunc(all, func(e claim.Entry) bool { return !slices.Contains(f.Turns, e.ID) })
			}
			for _, problem := range try(f, all, base.of(f), measureOf(f.Faulty(), all), t.Logf) {
				t.Error(problem)
			}
		})
	}
}

// try says what is wrong with a fault, given what was found on a healthy machine and on one that
// has it.
func try(f fake.Fault, all []claim.Entry, healthy, faulty map[string]claim.Finding, log func(string, ...any)) (problems []string) {
	var turned []string
	for _, e := range all {
		a, b := healthy[e.ID], faulty[e.ID]
		if !claim.Turned(a, b) {
			continue
		}
		turned = append(turned, e.ID)
		log("%s: %s %s, then %s %s (%s)", e.ID, a.Verdict, a.Behaviour, b.Verdict, b.Behaviour, b.Reason)
		if err := claim.Unproven(a, b, e.Fault == f.Name, f.Observes[e.ID]); err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", e.ID, err))
		}
	}
	if len(turned) == 0 || !slices.Equal(slices.Sorted(slices.Values(turned)), slices.Sorted(slices.Values(f.Turns))) {
		problems = append(problems, fmt.Sprintf("it turns %q, and says %q", turned, f.Turns))
	}
	return problems
}

// TestWrongFaults proves that TestFaults would notice a fault that proves nothing.
func TestWrongFaults(t *testing.T) {
	finding := func(v claim.Verdict, word string) map[string]claim.Finding {
		return map[string]claim.Finding{"a": {Verdict: v, Behaviour: word}}
	}
	good := finding(claim.Conforms, "good")
	entry := []claim.Entry{{Claim: claim.Claim{ID: "a", Fault: "f"}}}
	turns := []string{"a"}
	for name, c := range map[string]struct {
		fault  fake.Fault
		faulty map[string]claim.Finding
		wrong  int
	}{
		"deviates":                        {fake.Fault{Name: "f", Turns: turns}, finding(claim.Deviates, "bad"), 0},
		"one conforming word for another": {fake.Fault{Name: "f", Turns: turns}, finding(claim.Conforms, "fine"), 1},
		"of another claim":                {fake.Fault{Name: "g", Turns: turns}, finding(claim.Conforms, "fine"), 1},
		"and it says so":                  {fake.Fault{Name: "f", Turns: turns, Observes: map[string]string{"a": "good → fine"}}, finding(claim.Conforms, "fine"), 0},
		"and it says something else":      {fake.Fault{Name: "f", Turns: turns, Observes: map[string]string{"a": "fine → good"}}, finding(claim.Conforms, "fine"), 1},
		"breaks off":                      {fake.Fault{Name: "f", Turns: turns}, finding(claim.Inconclusive, ""), 1},
		"turns nothing":                   {fake.Fault{Name: "f", Turns: turns}, good, 1},
		"turns what it does not say":      {fake.Fault{Name: "f"}, finding(claim.Deviates, "bad"), 1},
	} {
		if got := try(c.fault, entry, good, c.faulty, t.Logf); len(got) != c.wrong {
			t.Errorf("%s: %q, want %d", name, got, c.wrong)
		}
	}
}

// TestFaultsAreDescribed proves that every fault has a name of its own, says what it does, and
// turns claims that exist.
func TestFaultsAreDescribed(t *testing.T) {
	ids := map[string]bool{}
	for _, e := range claim.Catalogue() {
		ids[e.ID] = true
	}
	seen := map[string]bool{}
	for _, f := range fake.Faults() {
		if seen[f.Name] || f.Does == "" {
			t.Errorf("the fault %q is there twice, or does not say what it does", f.Name)
		}
		seen[f.Name] = true
		for _, id := range f.Turns {
			if !ids[id] {
				t.Errorf("the fault %q turns %s, which is no claim", f.Name, id)
			}
		}
		for id := range f.Observes {
			if !slices.Contains(f.Turns, id) {
				t.Errorf("the fault %q says what is observed of %s, which it does not turn", f.Name, id)
			}
		}
	}
}
