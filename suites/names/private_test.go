package names_test

import (
	"errors"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	_ "github.com/loopmatrix/loopmatrix/suites/names"
)

func TestMain(m *testing.M) {
	child.Main()
	os.Exit(claimtest.Run(m))
}

// TestPrivateHosts measures what needs a private host on this machine, with its own resolver.
func TestPrivateHosts(t *testing.T) {
	_, err := privatehost.Probe()
	unable.Skip(t, err)
	under := &host.Host{Private: privatehost.Private("", 1), Seed: 1}
	for _, e := range claim.Catalogue() {
		if len(e.Parts) == 0 {
			continue
		}
		t.Run(e.ID, func(t *testing.T) {
			r := claim.Measure(t.Context(), e, under)
			t.Log(r.Verdict, r.Behaviour, r.Reason)
			if r.Verdict == claim.NotRun {
				unable.Skip(t, errors.New(r.Reason))
			}
			NewWithT(t).Expect(r.Verdict).NotTo(Equal(claim.Inconclusive), r.Reason)
		})
	}
}
