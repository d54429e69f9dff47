package suites_test

import (
	"os"
	"slices"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock/remote"
)

func TestMain(m *testing.M) {
	remote.Main() // does not return in the second process that a claim starts
	privatehost.Main()
	os.Exit(privatehost.Within(m.Run))
}

// TestLoopback measures every claim that needs no private host of its own: in one private host for all, or on the
// machine that runs the test where there are none. A deviation is a result and passes; what is inconclusive fails.
func TestLoopback(t *testing.T) {
	entries := claim.Catalogue()
	if _, err := privatehost.Probe(); err != nil { // nothing keeps a DNS query of the system's resolver from leaving the machine
		entries = slices.DeleteFunc(entries, func(e claim.Entry) bool { return e.Family == claim.Names })
	}
	gomega.RegisterFailHandler(ginkgo.Fail)
	claim.Describe(entries, host.This(1), func(r claim.Result) {
		t.Logf("%-28s %-12s %-20s %s", r.Claim, r.Verdict, r.Behaviour, r.Reason)
	})
	ginkgo.RunSpecs(t, "loopmatrix")
}
