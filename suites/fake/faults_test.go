package fake_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/fake"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// baselines measures each kind of healthy machine once, however many faults start from it.
type baselines struct {
	mu    sync.Mutex
	found map[string]map[string]observe.Finding
}

func (b *baselines) of(f fake.Fault) map[string]observe.Finding {
	m := f.Healthy()
	kind := fmt.Sprint(m.OS, m.Network)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.found[kind] == nil {
		b.found[kind] = measure(m)
	}
	return b.found[kind]
}

// TestFaults proves that every fault turns the claims that it says it turns, and no other; and that those claims that
// name it get a real verdict and are not only broken off.
func TestFaults(t *testing.T) {
	base := &baselines{found: map[string]map[string]observe.Finding{}}
	for _, f := range fake.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			healthy, faulty := base.of(f), measure(f.Faulty())
			var turned []string
			for _, e := range measured() {
				a, b := healthy[e.ID], faulty[e.ID]
				if a.Verdict != b.Verdict || a.Behaviour != b.Behaviour {
					turned = append(turned, e.ID)
					t.Logf("%s: %s %s, then %s %s (%s)", e.ID, a.Verdict, a.Behaviour, b.Verdict, b.Behaviour, b.Reason)
				}
				if e.Fault == f.Name && b.Behaviour == "" {
					t.Errorf("%s is about this fault, and is %s: %s", e.ID, b.Verdict, b.Reason)
				}
			}
			if len(turned) == 0 || !slices.Equal(slices.Sorted(slices.Values(turned)), slices.Sorted(slices.Values(f.Turns))) {
				t.Errorf("it turns %q, and says %q", turned, f.Turns)
			}
		})
	}
}

// TestEveryClaimCanFail proves that there is a fault for every claim that has a spec, or that the claim says why there
// can be none.
func TestEveryClaimCanFail(t *testing.T) {
	for _, e := range measured() {
		f, err := fake.Find(e.Fault)
		switch {
		case e.NoFault != "" && e.Fault != "":
			t.Errorf("%s names a fault and says why it has none", e.ID)
		case e.NoFault != "":
		case err != nil:
			t.Errorf("%s: %v", e.ID, err)
		case !slices.Contains(f.Turns, e.ID):
			t.Errorf("%s: the fault %s does not turn it", e.ID, f.Name)
		}
	}
}

// TestFaultsAreDescribed proves that every fault has a name of its own, says what it does, and turns claims that exist.
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
	}
}
