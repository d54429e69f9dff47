package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestNoPrivateHosts runs where the kernel gives no network namespaces: in a user namespace that
// may have none (namespaces(7), max_net_namespaces).
func TestNoPrivateHosts(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	without := func(script string, args ...string) *exec.Cmd {
		c := prepared(args...)
		limited := exec.Command("/bin/sh", append([]string{"-c", "echo 0 >/proc/sys/user/max_net_namespaces && " + script, "sh"}, c.Args...)...)
		limited.Env = c.Env
		limited.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}},
		}
		return limited
	}
	unable.Skip(t, without(":").Run())

	r := end(t, without(`exec "$@"`, "run", "--wire", "required", "--out", path))
	g.Expect(r).To(gomega.Equal(ran{exitKit, "", "loopmatrix: --wire required: private host: fork/exec: ENOSPC (28)\n"}))
	g.Expect(path).NotTo(gomega.BeAnExistingFile())

	r = end(t, without(`exec "$@"`, "run", "--quiet", "--claims", "block,offhost", "--out", path))
	g.Expect(r.code).To(gomega.BeElementOf(exitFine, exitDeviates), r.stderr)
	report := read(t, path)
	g.Expect(report.Platform.Wire).To(gomega.Equal("none"))
	for i, e := range claim.Catalogue() {
		if e.Family == claim.Offhost && len(e.Parts) > 0 {
			g.Expect(report.Results[i].Verdict).To(gomega.Equal(claim.NotRun))
			g.Expect(report.Results[i].Reason).To(gomega.HaveSuffix("private host: fork/exec: ENOSPC (28)"), "the error of what was tried, without a path")
		}
	}
	if r := end(t, without(`exec "$@"`, "faults")); r.code != exitKit {
		t.Errorf("faults: exit code %d: %s", r.code, r.stderr)
	}
}
