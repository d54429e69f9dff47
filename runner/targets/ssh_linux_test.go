package targets

import (
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestSSHToAFullDisk has a disk over there that is too small for the kit.
func TestSSHToAFullDisk(t *testing.T) {
	unable.Long(t, "it starts servers of ssh")
	g := gomega.NewWithT(t)
	s, tmp, _ := sshd(t, `exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`)
	unable.Skip(t, unix.Mount("tmpfs", tmp, "tmpfs", unix.MS_NOSUID, "mode=1777,size=1m"))
	t.Cleanup(func() {
		if err := unix.Unmount(tmp, 0); err != nil {
			t.Error(err)
		}
	})
	returned, err := s.Measure(t.Context(), order(t, kitsFor(t)))
	g.Expect(returned).To(gomega.BeEmpty())
	g.Expect(err).To(gomega.MatchError(gomega.MatchRegexp(`^upload: exit status 1: ".*No space left on device"$`)))
	nothingLeft(t, tmp)
}
