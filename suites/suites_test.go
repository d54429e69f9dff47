package suites_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

const notParallel = "the claims share one loopback, so they are measured one after the other: leave out -p and --procs"

func TestMain(m *testing.M) {
	child.Main() // does not return in the second process that a claim starts
	flag.Parse()
	if parallel() { // ginkgo listens to its processes outside of a private host
		os.Exit(m.Run())
	}
	os.Exit(privatehost.Within(m.Run))
}

// parallel reports whether this is one of several processes of ginkgo.
func parallel() bool {
	how, _ := ginkgo.GinkgoConfiguration()
	return how.ParallelTotal > 1
}

// TestLoopback measures every claim that this machine can measure: in one private host for all, and
// in those that a claim has of its own, or on the machine that runs the test where there are none.
// A deviation is a result and passes; what is inconclusive fails.
func TestLoopback(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	if parallel() {
		ginkgo.BeforeSuite(func() { ginkgo.AbortSuite(notParallel) })
	}
	claims := claim.Catalogue()
	_, err := privatehost.Probe()
	if err != nil { // nothing keeps a DNS query of the system's resolver from leaving the machine
		claims = slices.DeleteFunc(claims, func(e claim.Entry) bool { return e.Family == claim.Names })
	}
	suites.Describe(nil, suites.Options{Claims: claims, Host: func(h *host.Host) {
		h.Wire = fmt.Errorf("%w: %w", host.ErrNoWire, err)
		if err == nil {
			h.Wire, h.Private = nil, privatehost.Private("", h.Seed)
		}
	}})
	ginkgo.RunSpecs(t, "loopmatrix")
}
