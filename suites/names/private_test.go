package names_test

import (
	"errors"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/lab"
	"github.com/loopmatrix/loopmatrix/suites/lab/unable"
	_ "github.com/loopmatrix/loopmatrix/suites/names"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestMain(m *testing.M) {
	lab.Main()
	os.Exit(claimtest.Run(m))
}

// TestPrivateHosts measures what needs a private host on this machine, with its own resolver.
func TestPrivateHosts(t *testing.T) {
	_, err := lab.Probe()
	unable.Skip(t, err)
	under := &host.Host{Private: lab.Private("", 1), Seed: 1}
	for _, e := range claim.Catalogue() {
		if len(e.Parts) == 0 {
			continue
		}
		t.Run(e.ID, func(t *testing.T) {
			r := claim.Measure(e, under)
			t.Log(r.Verdict, r.Behaviour, r.Reason)
			if r.Verdict == observe.NotRun {
				unable.Skip(t, errors.New(r.Reason))
			}
			NewWithT(t).Expect(r.Verdict).NotTo(Equal(observe.Inconclusive), r.Reason)
		})
	}
}
