package suites_test

import (
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
)

// TestMyStack is a ginkgo suite for a network stack of one's own, with a spec of its own beside
// those of the claims. The stack is a fake one here; yours implements sock.Stack.
func TestMyStack(t *testing.T) {
	if !ownProcess(t) { // not needed elsewhere: ginkgo runs one suite in a process, and TestLoopback is another
		return
	}
	gomega.RegisterFailHandler(ginkgo.Fail)
	machine := fake.Linux()
	suites.Describe(machine.Bare(), suites.Options{Network: &machine.Network})
	ginkgo.It("has a name", func() {
		gomega.Expect(machine.Bare().Name()).NotTo(gomega.BeEmpty())
	})
	ginkgo.RunSpecs(t, "my stack")
}
