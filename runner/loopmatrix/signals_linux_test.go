package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// process is one of this machine, by its number and by when it began: numbers are used again.
type process struct{ pid, began string }

// descendants are the processes that a process has started, and those that they have, with what
// they are called.
func descendants(t *testing.T, pid int) map[process]string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	parents := map[string]string{}
	of := map[string]process{}
	called := map[string]string{}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		pid := filepath.Base(filepath.Dir(path))
		fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // from the state on, which is the third (proc(5))
		if fields[0] == "Z" {
			continue
		}
		parents[pid], of[pid] = fields[1], process{pid, fields[19]}
		called[pid] = string(b[bytes.IndexByte(b, '(')+1 : bytes.LastIndexByte(b, ')')])
	}
	out := map[process]string{}
	for p := range parents {
		for at := parents[p]; at != "" && at != "0"; at = parents[at] {
			if at == fmt.Sprint(pid) {
				out[of[p]] = called[p]
				break
			}
		}
	}
	return out
}

// alive are those of these processes that still run.
func alive(t *testing.T, some map[process]string) []string {
	t.Helper()
	out := []string{}
	for p, called := range some {
		b, err := os.ReadFile("/proc/" + p.pid + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if fields[0] != "Z" && fields[19] == p.began {
			out = append(out, p.pid+" "+called)
		}
	}
	return out
}

// atWork is a command that goes on for so long that it has to be interrupted.
type atWork struct {
	*exec.Cmd
	lines *bufio.Reader
	said  strings.Builder
}

func start(t *testing.T, args ...string) *atWork {
	t.Helper()
	w := &atWork{Cmd: prepared(args...)}
	pipe, err := w.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.lines = bufio.NewReader(pipe)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Process.Kill() })
	return w
}

// until reads what the command says until it has said all of these.
func (w *atWork) until(t *testing.T, words ...string) {
	t.Helper()
	for _, word := range words {
		for !strings.Contains(w.said.String(), word) {
			line, err := w.lines.ReadString('\n')
			w.said.WriteString(line)
			if err != nil {
				t.Fatalf("it does not say %q but %s: %v", word, w.said.String(), err)
			}
		}
	}
}

// end reads the rest and gives the exit code.
func (w *atWork) end(t *testing.T) int {
	t.Helper()
	if _, err := io.Copy(&w.said, w.lines); err != nil {
		t.Fatal(err)
	}
	err := w.Wait()
	if exit, is := errors.AsType[*exec.ExitError](err); err != nil && (!is || !exit.Exited()) {
		t.Fatalf("%v; %s", err, w.said.String())
	}
	return w.ProcessState.ExitCode()
}

// twice interrupts it twice, as an impatient user does, and checks what every interrupted command
// owes.
func (w *atWork) twice(t *testing.T, tmp string) {
	t.Helper()
	g := gomega.NewWithT(t)
	started := descendants(t, w.Process.Pid)
	g.Expect(started).NotTo(gomega.BeEmpty())
	g.Expect(w.Process.Signal(syscall.SIGINT)).To(gomega.Succeed())
	g.Expect(w.Process.Signal(syscall.SIGINT)).To(gomega.Succeed())
	g.Expect(w.end(t)).To(gomega.Equal(exitKit), w.said.String())
	g.Eventually(func() []string { return alive(t, started) }).WithTimeout(time.Minute).Should(gomega.BeEmpty())
	g.Expect(names(t, tmp)).To(gomega.BeEmpty())
}

// often interrupts it until it ends, as a user does who sees no end. Nothing may run on, though
// nothing is cleaned up.
func (w *atWork) often(t *testing.T) {
	t.Helper()
	g := gomega.NewWithT(t)
	started := descendants(t, w.Process.Pid)
	g.Expect(started).NotTo(gomega.BeEmpty())
	ended := make(chan int, 1)
	go func() { ended <- w.end(t) }()
	g.Eventually(func() chan int {
		_ = w.Process.Signal(syscall.SIGINT) // which may come too late
		return ended
	}).WithTimeout(time.Minute).Should(gomega.Receive(gomega.Equal(exitKit)))
	g.Eventually(func() []string { return alive(t, started) }).WithTimeout(time.Minute).Should(gomega.BeEmpty())
}

// TestLastInterruptOfTargets ends the program while targets do not.
func TestLastInterruptOfTargets(t *testing.T) {
	for name, script := range map[string]string{
		"with children": "sleep 600 & sleep 600 & echo begun >&2; wait; wait", "deaf": "echo begun >&2; while :; do sleep 600; done",
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			kits, log := fakeKits(t, "trap '' TERM INT; "+script), t.TempDir()
			t.Setenv("TMPDIR", lent(t))
			w := start(t, little("--target", "local", "--kit-dir", kits, "--log", log)...)
			w.until(t, "local: run as user")
			g.Eventually(func() ([]byte, error) { return os.ReadFile(filepath.Join(log, "local.log")) }).WithTimeout(time.Minute).
				Should(gomega.ContainSubstring("begun"))
			w.often(t)
			g.Expect(w.said.String()).To(gomega.HaveSuffix("loopmatrix: interrupted, and nothing was kept\n"))
		})
	}
}

// TestInterruptTargets interrupts targets that never end. What was measured until then is kept.
func TestInterruptTargets(t *testing.T) {
	unable.Long(t, "it starts targets that hang")
	for name, script := range map[string]string{
		"sleep": "sleep 600", "with children": "sleep 600 & sleep 600 & wait", "deaf": "trap '' TERM INT; while :; do sleep 600; done",
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			kits, tmp, log := fakeKits(t, "echo begun >&2; "+script), lent(t), t.TempDir()
			t.Setenv("TMPDIR", tmp)
			w := start(t, little("--target", "local", "--kit-dir", kits, "--log", log)...)
			w.until(t, "local: run as user")
			g.Eventually(func() ([]byte, error) { return os.ReadFile(filepath.Join(log, "local.log")) }).WithTimeout(time.Minute).
				Should(gomega.ContainSubstring("begun"))
			w.twice(t, tmp)
			g.Expect(w.said.String()).To(gomega.HaveSuffix("local: as user: the run: context canceled; see " + filepath.Join(log, "local.log") + "\n"))
		})
	}
}

// TestInterruptRealTargets interrupts this machine, a booted kernel, a sandbox and Wine, all of
// which run.
func TestInterruptRealTargets(t *testing.T) {
	unable.Long(t, "it starts emulators and sandboxes")
	unable.Skip(t, sheltered())
	made := func(path string) string { p, _ := filepath.Abs(filepath.Join("../../build", path)); return p }
	sandboxes, _ := filepath.Glob(made("runsc/*/runsc")) // the pattern is well-formed
	if len(sandboxes) == 0 {
		unable.Skip(t, fmt.Errorf("make runsc has put nothing into %s", made("runsc")))
	}
	all := []string{"local", "kernel:" + made("kernels/6.12"), "runsc:" + sandboxes[0], "wine:" + made("wine")}
	args := []string{"run", "--claims", "v4.block.*", "--wire", "off", "--seed", "7", "--as", "user", "--repeat", "10000"}
	var begun []string
	for _, name := range all {
		of, err := targets.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		unable.Skip(t, of.Missing(t.Context()))
		args = append(args, "--target", name)
		begun = append(begun, name+": run as user\n")
	}
	tmp, out, log, kits := lent(t), t.TempDir(), t.TempDir(), lent(t)
	for _, system := range []string{"linux", "windows"} {
		build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(kits, targets.FileName(system, "amd64")), ".")
		build.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	t.Setenv("TMPDIR", tmp)
	args = append(args, "--kit-dir", kits, "--out", out, "--log", log)
	impatient := start(t, args...)
	impatient.until(t, begun...)
	impatient.often(t)
	tmp = lent(t)
	t.Setenv("TMPDIR", tmp)
	w := start(t, args...)
	w.until(t, begun...)
	w.twice(t, tmp)
	for _, name := range all {
		gomega.NewWithT(t).Expect(w.said.String()).To(gomega.MatchRegexp(name + `: .*context canceled; see ` + log))
	}
}
