package main

import (
	"io"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/runner/progress"
)

// TestSweepBar shows a bar of a sweep that is cut short, and takes it away.
func TestSweepBar(t *testing.T) {
	outer, inner := terminal(t)
	end := (&progress.Display{To: inner, Bars: true}).Follow("sweep udp ", "", func() progress.Amount { return progress.Amount{Done: 1 << 20, Total: 1 << 24} })
	until(t, outer, "sweep udp 6 % [")
	ended := make(chan struct{})
	go func() { end(); close(ended) }()
	until(t, outer, clear)
	<-ended
}

// TestSweepsOnATerminal runs the command to its end on a terminal.
func TestSweepsOnATerminal(t *testing.T) {
	outer, inner := terminal(t)
	go func() { _, _ = io.Copy(io.Discard, outer) }()
	c := prepared("run", "--claims", "none", "--wire", "off", "--sweep", "udp=127.0.0.0/20,bind=127.0.0.0/20")
	c.Stderr = inner
	if r := end(t, c); r.code != exitFine {
		t.Errorf("exit code %d: %s", r.code, r.stdout)
	}
}

// TestNoBarOnAConsole runs the kit as a booted kernel does, whose standard error is a terminal that
// answers nothing: it gets lines, and no bar.
func TestNoBarOnAConsole(t *testing.T) {
	outer, inner := terminal(t)
	shown := make(chan string)
	go func() {
		b, _ := io.ReadAll(outer) // it ends with EIO when nobody has the inner end any more
		shown <- string(b)
	}()
	c := prepared("run", "--quiet", "--bundle", "--claims", "none", "--wire", "off", "--sweep", "udp=127.0.0.0/20,bind=127.0.0.0/20")
	c.Stderr = inner
	if r := end(t, c); r.code != exitFine || r.stdout == "" {
		t.Errorf("exit code %d and %d bytes", r.code, len(r.stdout))
	}
	if err := inner.Close(); err != nil {
		t.Fatal(err)
	}
	if said := <-shown; strings.Contains(said, "\x1b") {
		t.Errorf("the console shows %q", said)
	}
}
