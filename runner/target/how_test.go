package target

import (
	"io"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/lab/unable"
)

// TestHowIsTold makes sure that a report tells how it came about, whatever the target.
func TestHowIsTold(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(surroundings()).To(gomega.HavePrefix("this machine, in "))
	unable.Skip(t, noQEMU(t.Context()))
	told, err := how(t.Context(), io.Discard, emulation())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told).To(gomega.MatchRegexp(`^QEMU [0-9.]+ with TCG, 512 MiB, `))
}
