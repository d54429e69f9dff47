package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// crowded runs the kit as a user who has no other process and may have so many tasks.
func crowded(t *testing.T, kit string, tasks int, env string, args ...string) ran {
	t.Helper()
	c := exec.Command("prlimit", append([]string{fmt.Sprintf("--nproc=%d", tasks), kit}, args...)...)
	c.Env = append(os.Environ(), env)
	const unused = 61889
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: unused, Gid: unused}}
	return end(t, c)
}

// TestOutOfThreads starts the kit where it may start so few tasks that Go's runtime ends before any
// code of ours, and where it may just start enough. Private hosts do not keep the limit: it is the
// user's, and root's there is another.
func TestOutOfThreads(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the kit")
	}
	if os.Getuid() != 0 {
		t.Skip("it takes another user, and so root")
	}
	_, err := exec.LookPath("prlimit")
	unable.Skip(t, err)
	g := gomega.NewWithT(t)
	kit := filepath.Join(lent(t), "loopmatrix")
	build := exec.Command("make", "--silent", "-C", "../..", "build", "BINARY="+kit)
	said, err := build.CombinedOutput()
	g.Expect(err).NotTo(gomega.HaveOccurred(), string(said))
	for tasks := 1; tasks <= 40; tasks++ {
		for _, args := range [][]string{{"run", "--claims", "v4.block.bind", "--wire", "off"}, {"matrix"}, {"claims"}, nil} {
			procs := []string{"GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=64"}[tasks%3]
			r := crowded(t, kit, tasks, procs, args...)
			if args == nil && tasks > 16 {
				continue // which is enough for the help
			}
			g.Expect(r).To(gomega.Equal(ran{code: exitKit, stderr: outOfThreads}), "%d tasks, %s, %q", tasks, procs, args)
		}
	}
	enough := crowded(t, kit, 70, "GOMAXPROCS=2", "run", "--quiet", "--claims", "v4.block.bind", "--wire", "off")
	g.Expect(enough.code).To(gomega.Equal(exitFine), enough.stderr)
	g.Expect(strings.Contains(enough.stdout, "What people ask")).To(gomega.BeTrue())
}
