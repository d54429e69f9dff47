package privatehost_test

import (
	"os"
	"testing"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestMain(m *testing.M) {
	child.Main()
	if os.Getenv(endless) != "" {
		measureForEver()
	}
	os.Exit(m.Run())
}

// seed is one whose sample holds nothing that a fault names by chance.
const seed = 1

// TestFaults puts every fault into private hosts and compares with healthy ones: exactly the claims
// that a fault must turn have turned.
func TestFaults(t *testing.T) {
	unable.Long(t, "it measures every claim with each of the faults")
	surveys := privatehost.NewSurveys(seed)
	healthy, err := surveys.Survey("")
	unable.Skip(t, err)
	for _, r := range healthy {
		if r.Verdict == claim.Inconclusive {
			t.Errorf("healthy host: %s is inconclusive: %s", r.Claim, r.Reason)
		}
	}
	for _, f := range privatehost.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			j, err := surveys.Try(f, healthy)
			if err != nil {
				t.Fatal(err)
			}
			for _, turn := range j.Turned {
				t.Log(turn)
			}
			if !j.Agrees() {
				t.Errorf("did not turn: %q; turned, and should not have: %q; prove nothing: %q", j.Missed, j.Moved, j.Unproven)
			}
		})
	}
}
