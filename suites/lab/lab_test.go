package lab_test

import (
	"os"
	"testing"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/lab"
	"github.com/loopmatrix/loopmatrix/suites/lab/unable"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock/remote"
)

func TestMain(m *testing.M) {
	remote.Main()
	lab.Main()
	if os.Getenv(endless) != "" {
		measureForEver()
	}
	os.Exit(m.Run())
}

// seed is one whose sample holds nothing that a fault names by chance.
const seed = 1

// TestFaults puts every fault into private hosts and compares with healthy ones: exactly the claims that a fault must
// turn have turned.
func TestFaults(t *testing.T) {
	surveys := lab.NewSurveys(seed)
	healthy, err := surveys.Survey("")
	unable.Skip(t, err)
	for _, r := range healthy {
		if r.Verdict == observe.Inconclusive {
			t.Errorf("healthy host: %s is inconclusive: %s", r.Claim, r.Reason)
		}
	}
	for _, f := range lab.Faults() {
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
