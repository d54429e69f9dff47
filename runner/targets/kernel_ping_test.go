package targets

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestKernelsLetUsersPing proves that the switch which a machine is given works, and that the
// report shows it.
func TestKernelsLetUsersPing(t *testing.T) {
	unable.Long(t, "it boots a kernel in an emulator")
	g := gomega.NewWithT(t)
	k := debian(t, "5.10")
	t.Setenv("TMPDIR", t.TempDir())
	o := order(t, kitsFor(t, "linux/amd64"))
	o.Users = []User{Ordinary}
	o.Flags = []string{"--claims", "v4.icmp.replysrc", "--seed", "7", "--wire", "off"}
	r := measureOn(t, k, o)[Ordinary]
	g.Expect(strings.Fields(r.Platform.State.Switches["net.ipv4.ping_group_range"])).To(gomega.Equal([]string{"0", "2147483647"}))
	for _, found := range r.Results {
		if found.Claim == "v4.icmp.replysrc" {
			g.Expect(found.Verdict).To(gomega.Equal(claim.Conforms), found.Reason)
		}
	}
}
