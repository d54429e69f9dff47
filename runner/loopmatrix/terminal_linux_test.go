package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// terminal opens a pseudo-terminal of 100 columns (pty(7)): what is written to its inner end is
// read at its outer end.
func terminal(t *testing.T) (outer, inner *os.File) {
	t.Helper()
	outer, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	unable.Skip(t, err)
	t.Cleanup(func() { _ = outer.Close() })
	unable.Skip(t, unix.IoctlSetPointerInt(int(outer.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(outer.Fd()), unix.TIOCGPTN)
	unable.Skip(t, err)
	inner, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	unable.Skip(t, err)
	t.Cleanup(func() { _ = inner.Close() })
	if err := unix.IoctlSetWinsize(int(inner.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}); err != nil {
		t.Fatal(err)
	}
	return outer, inner
}

// until reads from a terminal until it has shown a text.
func until(t *testing.T, outer *os.File, text string) string {
	t.Helper()
	var shown bytes.Buffer
	b := make([]byte, 4096)
	for !strings.Contains(shown.String(), text) {
		n, err := outer.Read(b)
		if err != nil {
			t.Fatalf("%v after %q", err, shown.String())
		}
		shown.Write(b[:n])
	}
	return shown.String()
}

// clear is the sequence that erases what stands below the cursor, after it went up a line (ECMA-48
// CUU, ED).
const clear = "\x1b[1A\x1b[J"

// TestBar draws a bar, and takes it away.
func TestBar(t *testing.T) {
	g := gomega.NewWithT(t)
	outer, inner := terminal(t)
	b := (&progress.Display{To: inner, Bars: true}).Show(3, "")
	until(t, outer, "0/3 [")
	b.Set(1, "v4.block.bind", "observed whole-block")
	g.Expect(until(t, outer, "1/3 [")).NotTo(gomega.ContainSubstring("whole-block"))
	b.Set(2, "bind.wild-specific.reuseaddr", "observed")
	shown := until(t, outer, "bind.wild-specific.reuseaddr")
	g.Expect(shown).To(gomega.ContainSubstring(clear + "2/3 ["))
	g.Expect(len(shown[strings.LastIndex(shown, "2/3 ["):])).To(gomega.BeNumerically("<", 80), "the longest id fits into a line")
	b.End()
	_, err := inner.WriteString("after\n")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	shown = until(t, outer, "after\r\n")
	g.Expect(shown).To(gomega.HaveSuffix(clear + "after\r\n"))
}

// TestOnTerminal runs the command on a terminal: with colours if it may, and never with what is
// left of a bar.
func TestOnTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		env    []string
		colour bool
		bar    bool
	}{
		"colours":  {[]string{"TERM=xterm"}, true, true},
		"NO_COLOR": {[]string{"TERM=xterm", "NO_COLOR=1"}, false, true},
		"dumb":     {[]string{"TERM=dumb"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			outer, inner := terminal(t)
			run := prepared("run", "--claims", "v4.block.bind", "--wire", "off", "--seed", "7")
			run.Env = append(run.Env, c.env...)
			run.Stdout, run.Stderr = inner, inner
			g.Expect(run.Start()).To(gomega.Succeed())
			shown := until(t, outer, ", seed 7\r\n")
			_ = run.Wait()
			g.Expect(strings.Contains(shown, "\x1b[1m")).To(gomega.Equal(c.colour))
			if !c.bar {
				g.Expect(shown).To(gomega.HavePrefix("1/1  v4.block.bind "))
				g.Expect(shown).NotTo(gomega.ContainSubstring("\x1b"))
			}
			last := shown[strings.LastIndex(shown, clear)+1:]
			g.Expect(last).NotTo(gomega.ContainSubstring("[="))
			g.Expect(last).To(gomega.ContainSubstring("Can I bind 127.0.0.2 without any set-up?"))
		})
	}
}
