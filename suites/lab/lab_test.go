package lab_test

import (
	"os"
	"slices"
	"testing"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/lab"
	"github.com/loopmatrix/loopmatrix/suites/lab/unable"
)

func TestMain(m *testing.M) {
	lab.Main()
	os.Exit(m.Run())
}

// seed is one whose sample holds nothing that a fault names by chance.
const seed = 1

// TestFaults puts every fault into a private host and compares with a healthy one: exactly the claims that a fault must
// turn have turned.
func TestFaults(t *testing.T) {
	healthy, err := lab.Measure("", seed)
	unable.Skip(t, err)
	for _, r := range healthy {
		if r.Verdict == "inconclusive" {
			t.Errorf("healthy host: %s is inconclusive: %s", r.Claim, r.Reason)
		}
	}
	for _, f := range lab.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			faulty, err := lab.Measure(f.Name, seed)
			if err != nil {
				t.Fatal(err)
			}
			turned := moved(t, healthy, faulty)
			for _, id := range turned {
				if !slices.Contains(f.Turns, id) {
					t.Errorf("%s turned, and should not have", id)
				}
			}
			for _, id := range f.Turns {
				if !slices.Contains(turned, id) {
					t.Errorf("%s did not turn", id)
				}
			}
		})
	}
}

func moved(t *testing.T, before, after []claim.Result) []string {
	t.Helper()
	var out []string
	for i, b := range before {
		a := after[i]
		if a.Verdict != b.Verdict || a.Behaviour != b.Behaviour {
			out = append(out, a.Claim)
			t.Logf("%-26s %s %s -> %s %s (%s)", a.Claim, b.Verdict, b.Behaviour, a.Verdict, a.Behaviour, a.Reason)
		}
	}
	return out
}
