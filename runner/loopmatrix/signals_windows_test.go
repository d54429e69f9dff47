package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// The environment variables that make the test binary a shell in a console, and that give the
// command two claims more, which make the file of that name when they are measured.
const (
	asShell    = "LOOPMATRIX_AS_SHELL"
	slowClaims = "LOOPMATRIX_SLOW_CLAIMS"
)

func init() {
	if os.Getenv(asShell) != "" {
		os.Exit(shell())
	}
	if os.Getenv(slowClaims) != "" {
		declareSlow("test.slow", func() { _, _ = io.Copy(io.Discard, os.Stdin) }) // until the kit has been told to end
		declareSlow("test.hangs", func() { select {} })
	}
}

// shell runs the command and presses Ctrl-C when its own input ends. Every process in the console
// gets that.
func shell() int {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // it is for the command
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	c := exec.Command(self, os.Args[1:]...)
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, asShell+"=") })
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0); err != nil {
			fmt.Fprintln(os.Stderr, "Ctrl-C:", err)
			_ = c.Process.Kill()
		}
	}()
	_ = c.Run()
	return c.ProcessState.ExitCode()
}

func declareSlow(id string, wait func()) {
	claim.It(claim.Claim{
		ID: id, Family: claim.Block, Level: claim.Must, Gates: []claim.Gate{claim.Unprivileged},
		Source: claim.Source{Note: "a test"}, Sentence: "This test ends.", Question: "Does this test end?",
		Behaviours: []claim.Behaviour{{Word: "ends", Means: "it does", Conforms: true}},
		NoFault:    "it is made up",
		Rule:       func(observation.Set) claim.Answer { return claim.Shows("ends", "it does") },
	}, func(h *host.Host) observation.Set {
		h.Expect(os.WriteFile(os.Getenv(slowClaims), nil, 0o600)).To(gomega.Succeed())
		wait()
		return observation.Set{{Op: "ask", Outcome: observation.OK, Count: 1}}
	})
}

// pressed is how a command ends in whose console Ctrl-C is pressed while a slow claim is measured.
func pressed(t *testing.T, args ...string) ran {
	t.Helper()
	measuring := filepath.Join(t.TempDir(), "measuring")
	c := prepared(args...)
	c.Env = append(c.Env, asShell+"=1", slowClaims+"="+measuring)
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW} // it gets a console of its own
	key, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer func() { _ = key.Close() }()
		gomega.NewWithT(t).Eventually(measuring).WithTimeout(time.Minute).Should(gomega.BeAnExistingFile())
	}()
	c.WaitDelay = time.Second
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	r := end(t, c)
	if r.code != exitKit {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
	return r
}

// TestCtrlC presses it while this machine is measured as a target. What was measured until then is
// kept, and the claims that were still to come are not measured.
func TestCtrlC(t *testing.T) {
	g := gomega.NewWithT(t)
	out := t.TempDir()
	r := pressed(t, "run", "--target", "local", "--claims", "v4.block.bind,test.slow,binds", "--wire", "off", "--out", out)
	kept, err := filepath.Glob(filepath.Join(out, "*.json"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(kept).To(gomega.HaveLen(1), r.stderr)
	b, err := os.ReadFile(kept[0])
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var report model.Report // no catalogue of this process has the claim, so no reader of reports would take it
	g.Expect(json.Unmarshal(b, &report)).To(gomega.Succeed())
	interrupted := 0
	for _, result := range report.Results {
		if result.Claim == "v4.block.bind" {
			g.Expect(result.Verdict).To(gomega.Equal(claim.Observed), result.Reason)
		}
		if result.Reason == model.Interrupted {
			interrupted++
		}
	}
	g.Expect(interrupted).To(gomega.BeNumerically(">", 1))
}

// TestCtrlCRepeat presses it while one of several processes measures a claim that does not end.
func TestCtrlCRepeat(t *testing.T) {
	r := pressed(t, "run", "--repeat", "2", "--claims", "test.hangs", "--wire", "off", "--out", filepath.Join(t.TempDir(), "r.json"))
	gomega.NewWithT(t).Expect(r.stderr).To(gomega.ContainSubstring("interrupted"))
}
