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
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// The environment variables that make the test binary a shell in a console, and that give the command a claim more.
const (
	asShell   = "LOOPMATRIX_AS_SHELL"
	slowClaim = "LOOPMATRIX_SLOW_CLAIM"
)

func init() {
	if os.Getenv(asShell) != "" {
		os.Exit(shell())
	}
	if os.Getenv(slowClaim) != "" {
		declareSlow()
	}
}

// shell runs the command and presses Ctrl-C when its own input ends. Every process in the console gets that.
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

// declareSlow adds a claim that says when it is measured, which ends with standard input: when the kit has been told to end.
func declareSlow() {
	claim.It(claim.Claim{
		ID: "test.slow", Family: claim.Block, Level: claim.Must, Gates: []claim.Gate{claim.Unprivileged},
		Source: claim.Source{Note: "a test"}, Sentence: "This test ends.", Question: "Does this test end?",
		Behaviours: []claim.Behaviour{{Word: "ends", Means: "it does", Conforms: true}},
		NoFault:    "it is made up",
		Rule:       func(observe.Set) claim.Answer { return claim.Shows("ends", "it does") },
	}, func(*host.Host) observe.Set {
		fmt.Fprintln(os.Stderr, "begun")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return observe.Set{{Op: "ask", Outcome: observe.OK, Count: 1}}
	})
}

// TestCtrlC presses it in a console while this machine is measured. What was measured until then is kept, and the claims that
// were still to come are not measured.
func TestCtrlC(t *testing.T) {
	g := gomega.NewWithT(t)
	log, out := t.TempDir(), t.TempDir()
	c := prepared("run", "--target", "local", "--claims", "v4.block.bind,test.slow,binds", "--wire", "off", "--log", log, "--out", out)
	c.Env = append(c.Env, asShell+"=1", slowClaim+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW} // it gets a console of its own
	key, err := c.StdinPipe()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	go func() {
		defer func() { _ = key.Close() }()
		g.Eventually(func() ([]byte, error) { return os.ReadFile(filepath.Join(log, "local.log")) }).WithTimeout(time.Minute).
			Should(gomega.ContainSubstring("begun"))
	}()
	r := end(t, c)
	g.Expect(r.code).To(gomega.Equal(exitKit), r.stderr)
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
			g.Expect(result.Verdict).To(gomega.Equal(observe.Observed), result.Reason)
		}
		if result.Reason == engine.Interrupted {
			interrupted++
		}
	}
	g.Expect(interrupted).To(gomega.BeNumerically(">", 1))
}
