//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// blocked is a running command whose standard error takes a few lines and no more until they are
// read: whoever reads one knows that the command has not come to its end.
type blocked struct {
	*exec.Cmd
	lines *bufio.Reader
	shown []string // the lines that were read
	out   bytes.Buffer
}

func block(t *testing.T, args ...string) *blocked {
	t.Helper()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(ends[0]), "ours"), os.NewFile(uintptr(ends[1]), "theirs")
	t.Cleanup(func() { _ = ours.Close() })
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	const aFewLines = 1 // the system makes that its least, 4608 bytes with all overhead on Linux (socket(7), SO_SNDBUF)
	if err := unix.SetsockoptInt(ends[1], unix.SOL_SOCKET, unix.SO_SNDBUF, aFewLines); err != nil {
		t.Fatal(err)
	}
	b := &blocked{Cmd: prepared(append(args, "--verbose")...), lines: bufio.NewReader(ours)}
	b.Stdout, b.Stderr = &b.out, theirs
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	b.line(t)
	return b
}

func (b *blocked) line(t *testing.T) {
	t.Helper()
	line, err := b.lines.ReadString('\n')
	if err != nil {
		t.Fatalf("after %q: %v", b.shown, err)
	}
	b.shown = append(b.shown, line)
}

// end reads the rest and gives the exit code and what was said after the progress.
func (b *blocked) end(t *testing.T) (code int, said string) {
	t.Helper()
	rest, err := io.ReadAll(b.lines)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Wait()
	if exit, is := errors.AsType[*exec.ExitError](err); !is || !exit.Exited() {
		t.Fatalf("it ended with %v; %s", err, rest)
	}
	for line := range strings.Lines(string(rest)) {
		if progress, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.Contains(progress, "/") && said == "" {
			b.shown = append(b.shown, line)
		} else {
			said += line
		}
	}
	return b.ProcessState.ExitCode(), said
}

// TestInterrupt sends signals while the run is under way. What was measured until then is in the
// report, and nothing else is.
func TestInterrupt(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"SIGINT": {syscall.SIGINT}, "SIGTERM": {syscall.SIGTERM}, "twice": {syscall.SIGINT, syscall.SIGINT}, "both": {syscall.SIGTERM, syscall.SIGINT},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			path := filepath.Join(t.TempDir(), "r.json")
			run := block(t, "run", "--claims", "block,binds,ipv6,interface", "--wire", "off", "--out", path)
			for _, s := range signals {
				g.Expect(run.Process.Signal(s)).To(gomega.Succeed())
			}
			code, said := run.end(t)
			g.Expect(code).To(gomega.Equal(exitKit))
			g.Expect(said).To(gomega.HavePrefix("wrote " + path))
			g.Expect(said).To(gomega.HaveSuffix("loopmatrix: interrupted; what was measured until then is in the report\n"))
			measured := map[string]bool{}
			for _, line := range run.shown {
				measured[strings.Fields(line)[1]] = true
			}
			left := 0
			for _, r := range read(t, path).Results {
				switch {
				case r.Reason == model.Interrupted:
					left++
					g.Expect(r.Verdict).To(gomega.Equal(claim.NotRun))
					g.Expect(measured).NotTo(gomega.HaveKey(r.Claim))
				case r.Reason != model.NotSelected:
					g.Expect(measured).To(gomega.HaveKey(r.Claim), r.Reason)
				}
			}
			g.Expect(left).To(gomega.BeNumerically(">", 0))
		})
	}
}

// TestInterruptAgain sends signals until the program ends, while nobody reads what it writes.
func TestInterruptAgain(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	run := block(t, "run", "--claims", "block,binds,ipv6,interface", "--wire", "off", "--out", filepath.Join(dir, "r.json"))
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	again := time.NewTicker(time.Millisecond) // signals that come close together are one (signal(7))
	defer again.Stop()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-again.C:
			_ = run.Process.Signal(syscall.SIGINT)
		}
	}
	g.Expect(run.ProcessState.ExitCode()).To(gomega.Equal(exitKit), "%v", run.ProcessState)
	// The last signal may come a moment after the report was written; then it is a whole one, and
	// there is never half of one.
	left, err := os.ReadDir(dir)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, file := range left {
		g.Expect(file.Name()).To(gomega.Equal("r.json"))
		read(t, filepath.Join(dir, file.Name()))
	}
}

// TestOutputs: what the last signal says of files is what became of them.
func TestOutputs(t *testing.T) {
	broken := errors.New("the disk is full")
	for name, c := range map[string]struct {
		files []error
		want  string
	}{
		"none":         {nil, "nothing was kept"},
		"one":          {[]error{nil}, "what was written until then is kept"},
		"one that not": {[]error{broken}, "nothing was kept"},
		"one of two":   {[]error{nil, broken}, "what was written until then is kept"},
	} {
		o := &outputs{}
		for _, err := range c.files {
			_ = o.do(func() error { return err })
		}
		if got := o.close(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestInterruptRepeat interrupts one of a thousand runs: those that were whole count.
func TestInterruptRepeat(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	run := block(t, "run", "--claims", "v4.block.*", "--wire", "off", "--repeat", "1000", "--out", path)
	g.Expect(run.Process.Signal(syscall.SIGINT)).To(gomega.Succeed())
	code, said := run.end(t)
	g.Expect(code).To(gomega.Equal(exitKit))
	g.Expect(said).To(gomega.ContainSubstring("interrupted"))
	r := read(t, path)
	g.Expect(r.Run.Repeat).To(gomega.And(gomega.BeNumerically(">=", 1), gomega.BeNumerically("<", 1000)))
	for _, result := range r.Results {
		g.Expect(result.Runs.N).To(gomega.Equal(r.Run.Repeat))
		g.Expect(result.Reason).NotTo(gomega.Equal(model.Interrupted))
	}
}

// TestInterruptMatrix interrupts the fresh run that a matrix begins with: a matrix with gaps is not
// shown.
func TestInterruptMatrix(t *testing.T) {
	unable.Skip(t, sheltered())
	g := gomega.NewWithT(t)
	run := block(t, "matrix")
	g.Expect(run.Process.Signal(syscall.SIGINT)).To(gomega.Succeed())
	code, said := run.end(t)
	g.Expect(code).To(gomega.Equal(exitKit))
	g.Expect(said).To(gomega.Equal("loopmatrix: interrupted; a run that is cut short is not compared\n"))
	g.Expect(run.out.String()).To(gomega.BeEmpty())
}
