package enclosure

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestNothingStays starts daemons in an enclosure; they end with it, however it ends.
func TestNothingStays(t *testing.T) {
	unable.Skip(t, Probe(t.Context()))
	// The daemon holds a lock for as long as it lives, and says by a named pipe that it does.
	const daemon = `setsid sh -c 'exec 3>/tmp/kept/lock; flock 3; echo up >/tmp/kept/up; sleep 600' >/dev/null 2>&1 & `
	for name, c := range map[string]struct {
		script string
		cancel bool
	}{
		"the program ends":   {daemon + "cat /tmp/kept/up", false},
		"the context ends":   {daemon + "sleep 600", true},
		"it ignores signals": {"trap '' TERM INT HUP;" + daemon + "sleep 600", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			kept := t.TempDir()
			up, lock := filepath.Join(kept, "up"), filepath.Join(kept, "lock")
			g.Expect(unix.Mkfifo(up, 0o600)).To(gomega.Succeed())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.cancel {
				go func() {
					_, _ = os.ReadFile(up) // returns once the daemon has written
					cancel()
				}()
			}
			run(t, ctx, Plan{Folders: []Folder{{From: kept, To: "/tmp/kept"}}}, c.script)
			g.Expect(lock).To(gomega.BeAnExistingFile())
			g.Eventually(func() error { // the kernel ends the others while the first is already waited for
				return exec.Command("flock", "--nonblock", lock, "true").Run()
			}, time.Minute).Should(gomega.Succeed(), "the daemon holds the lock as long as it lives")
		})
	}
}
