package suites_test

import (
	"os"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/sock/remote"
)

func TestMain(m *testing.M) {
	remote.Main() // does not return in the second process that a claim starts
	os.Exit(m.Run())
}

// TestLoopback measures every claim on the machine that runs the test. A deviation is a result and passes; what is
// inconclusive fails.
func TestLoopback(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	claim.Describe(claim.Catalogue(), host.This(1), func(r claim.Result) {
		t.Logf("%-28s %-12s %-20s %s", r.Claim, r.Verdict, r.Behaviour, r.Reason)
	})
	ginkgo.RunSpecs(t, "loopmatrix")
}
