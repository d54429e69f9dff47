//go:build unix

package child

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const echoes = "echoes" // what comes in goes out, until its input ends

func init() {
	Handle(echoes, func(string) error {
		c := exec.Command("cat") // which a signal ends that this process does not heed
		c.Stdin, c.Stdout = os.Stdin, os.Stdout
		return c.Run()
	})
}

// TestSignals: what a terminal or timeout(1) sends to everybody does not end a child, which leads a
// group of its own.
func TestSignals(t *testing.T) {
	p, err := Start(echoes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	echo := func() {
		t.Helper()
		buffer := make([]byte, 2)
		if _, err := p.In.Write([]byte("x\n")); err != nil {
			t.Error(err)
		}
		if n, err := p.Out.Read(buffer); err != nil || string(buffer[:n]) != "x\n" {
			t.Errorf("it wrote %q, %v", buffer[:n], err)
		}
	}
	echo()
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := p.Process.Signal(s); err != nil {
			t.Error(err)
		}
		echo()
	}
	if group, err := unix.Getpgid(p.Process.Pid); err != nil || group != p.Process.Pid {
		t.Errorf("it is in group %d, %v", group, err)
	}
	if err := p.End(0); err != nil {
		t.Error(err)
	}
}

// TestProgramStaysInItsGroup: the program as such takes the place of its parent at the terminal.
func TestProgramStaysInItsGroup(t *testing.T) {
	c, err := Command(t.Context(), program, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.SysProcAttr.Setpgid {
		t.Error("it leads a group")
	}
}

// TestProgramsGetSignals: what a child starts does not inherit that the child ignores signals.
func TestProgramsGetSignals(t *testing.T) {
	out, err := output(heirs, Options{})
	if err != nil || !strings.Contains(out, "signal: terminated") {
		t.Errorf("%q, %v", out, err)
	}
}

const heirs = "heirs" // starts a shell that ends itself by SIGTERM

func init() {
	Handle(heirs, func(string) error {
		c := exec.Command("/bin/sh", "-c", "kill -TERM $$; echo it is still there")
		c.Stdout = os.Stdout
		_, err := os.Stdout.WriteString(errorText(c.Run()))
		return err
	})
}

func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}
