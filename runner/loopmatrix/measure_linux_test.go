package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestMeasureWhereNamespacesAreDenied takes the step of the workflow that measures a hosted runner,
// as an ordinary user who may make no namespace, as on Ubuntu since 24.04: the report must be fit
// for publication, and say so of what it lacks.
func TestMeasureWhereNamespacesAreDenied(t *testing.T) {
	unable.Long(t, "it runs a job of the workflow")
	_, err := exec.LookPath("setpriv")
	unable.Skip(t, err)
	_, err = exec.LookPath("go")
	unable.Skip(t, err)
	dir := t.TempDir()
	kit := filepath.Join(dir, "kit")
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version=v0.0.1 -X main.commit="+strings.Repeat("0123456789", 4), "-o", kit, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		name, limit string
		errno       string
	}{
		{"denied", "echo 0 >/proc/sys/user/max_user_namespaces", "ENOSPC"},
		{"allowed", ":", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			into := filepath.Join(t.TempDir(), "measured")
			withoutRights := func(args ...string) *exec.Cmd {
				script := c.limit + ` && exec setpriv --ambient-caps=-all --inh-caps=-all --bounding-set=-all "$@"`
				step := exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
				step.SysProcAttr = ordinary(t)
				step.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_SYS_RESOURCE, unix.CAP_SETPCAP}
				return step
			}
			out, err := withoutRights("true").CombinedOutput()
			unable.Skip(t, err)
			g.Expect(out).To(gomega.BeEmpty())

			out, err = withoutRights("sh", "../../.github/scripts/measure", kit, into).CombinedOutput()
			g.Expect(err).NotTo(gomega.HaveOccurred(), string(out))
			reports, err := filepath.Glob(filepath.Join(into, "*.json"))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(reports).To(gomega.HaveLen(1))
			content, err := os.ReadFile(reports[0])
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(bytes.Contains(content, []byte(dir))).To(gomega.BeFalse(), "a path")
			denied := 0
			for i, r := range read(t, reports[0]).Results {
				if e := claim.Catalogue()[i]; e.Family == claim.Offhost && len(e.Parts) > 0 {
					g.Expect(r.Verdict == claim.NotRun && strings.Contains(r.Reason, "private host")).To(gomega.Equal(c.errno != ""), "%s: %s", r.Claim, r.Reason)
					g.Expect(r.Reason).To(gomega.ContainSubstring(c.errno))
					denied++
				}
			}
			g.Expect(denied).NotTo(gomega.BeZero())
		})
	}
}
