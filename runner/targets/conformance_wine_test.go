package targets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"go.yaml.in/yaml/v4"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestConformanceJobOnWindows runs the job that measures a hosted runner under Wine, its commands
// as the workflow has them. The kit must be able to start itself there: for the target local, and
// for a second process.
func TestConformanceJobOnWindows(t *testing.T) {
	unable.Long(t, "it runs a job of the workflow under Wine")
	g := gomega.NewWithT(t)
	w := aWine(t)
	unable.Skip(t, w.Missing(t.Context()))
	o := order(t, kitsFor(t, "windows/amd64"))
	at, err := w.place()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	_, prefix, err := w.prepare(t.Context(), o, at)
	unable.Skip(t, err)
	folder := temporary(t)
	g.Expect(os.Chmod(folder, 0o777)).To(gomega.Succeed()) // an ordinary user runs the job
	run := func(script string) error {
		ctx, cancel := context.WithTimeout(t.Context(), o.Limits.Run)
		defer cancel()
		unshare := placed{at.base, "/usr/bin/unshare"}
		p, err := unshare.process(ctx, o, Ordinary, prefix, folder, []string{"--map-root-user", "--mount", "bash", "-ec", script})
		if err != nil {
			return err
		}
		said, err := p.output()
		t.Logf("%s", said)
		return p.explain(err)
	}
	unable.Skip(t, run(handToWine(at.program)))

	released, err := o.Kits.For(t.Context(), "windows", "amd64")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	b, err := os.ReadFile(released)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	given := filepath.Join(folder, "given")
	g.Expect(os.CopyFS(filepath.Join(given, ".github/scripts"), os.DirFS("../../.github/scripts"))).To(gomega.Succeed())
	g.Expect(os.Mkdir(filepath.Join(given, "kits"), 0o755)).To(gomega.Succeed())
	g.Expect(writeProgram(filepath.Join(given, "kits", filepath.Base(released)), b)).To(gomega.Succeed())
	g.Expect(run(handToWine(at.program) + "cd /tmp/kit\ncp -r given/. .\n" + hostedJob(t, folder))).To(gomega.Succeed())

	g.Expect(filepath.Join(folder, "kit.exe")).To(gomega.BeARegularFile())
	found, err := filepath.Glob(filepath.Join(folder, "measured", "*.json"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(found).To(gomega.HaveLen(1), "Windows makes no other user of this one")
	r, err := model.ReadChecked(found[0], claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(r.Platform.Family).To(gomega.Equal("wine"))
	g.Expect(r.Target()).To(gomega.Equal("local"))
	second := slices.IndexFunc(r.Results, func(result model.Result) bool { return result.Claim == "bind.hijack.sameuser" })
	g.Expect(r.Results[second].Verdict).To(gomega.Equal(claim.Observed), "two processes: %s", r.Results[second].Reason)
}

// handToWine lets Linux start programs for Windows by Wine, in a user namespace and nowhere else
// (since Linux 6.7).
func handToWine(program string) string {
	return "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc\necho ':wine:M::MZ::" + program + ":' >/proc/sys/fs/binfmt_misc/register\n"
}

// hostedJob is a script that does what the job does for Windows: GitHub starts each command, a file
// of its own, by such a bash, all in the same folder.
func hostedJob(t *testing.T, folder string) string {
	t.Helper()
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../../.github/workflows/conformance.yml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var workflow struct {
		Jobs map[string]struct {
			Defaults struct {
				Run map[string]string `yaml:"run"`
			} `yaml:"defaults"`
			Steps []struct {
				Run string            `yaml:"run"`
				Env map[string]string `yaml:"env"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	g.Expect(yaml.Load(b, &workflow)).To(gomega.Succeed())
	job := workflow.Jobs["hosted"]
	g.Expect(job.Defaults.Run).To(gomega.Equal(map[string]string{"shell": "bash"}))
	values := map[string]string{
		"${{ matrix.target.os }}":                           "windows",
		"${{ matrix.target.arch }}":                         "amd64",
		"${{ matrix.target.os == 'darwin' && '1' || '0' }}": "0",
	}
	var script strings.Builder
	var commands []string
	for i, step := range job.Steps {
		if step.Run == "" {
			continue
		}
		name := fmt.Sprint("step-", i+1)
		g.Expect(os.WriteFile(filepath.Join(folder, name), []byte(step.Run), 0o644)).To(gomega.Succeed())
		script.WriteString("env")
		for variable, expression := range step.Env {
			value, known := values[expression]
			g.Expect(known).To(gomega.BeTrue(), "%s of %q is %s", variable, step.Run, expression)
			script.WriteString(" " + variable + "=" + value)
		}
		script.WriteString(" bash --noprofile --norc -eo pipefail " + name + "\n")
		commands = append(commands, step.Run)
	}
	g.Expect(commands).To(gomega.HaveExactElements(gomega.ContainSubstring("scripts/kit "), gomega.ContainSubstring("scripts/measure ")))
	return script.String()
}
