//go:build unix

package capacity

import (
	"context"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// few starts a process that can have 300 descriptors.
func few() (Holder, error) {
	return start(child.Options{Program: "/bin/sh", Arguments: []string{"-c", `ulimit -n 300; exec "$0"`, os.Args[0]}})
}

func TestSeveralProcesses(t *testing.T) {
	r, err := Run(context.Background(), Plan{Most: 2000, Workers: 2, Start: few}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Held != 2000 || r.Stop.Limit != Count || r.Processes < 7 || r.Largest > 300 || r.Largest < 250 || good(r.Seen) != "" || len(r.Ranges) != 1 {
		t.Errorf("%d held on %v by %d processes, the largest %d, %v; %s", r.Held, r.Ranges, r.Processes, r.Largest, r.Stop, good(r.Seen))
	}
}

// TestCtrlC: what a terminal or timeout(1) sends to everybody ends none of the processes.
func TestCtrlC(t *testing.T) {
	o, err := Process()
	if err != nil {
		t.Fatal(err)
	}
	p := o.(*process)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := p.Process.Process.Signal(s); err != nil {
			t.Error(err)
		}
		if _, err := o.Memory(); err != nil {
			t.Errorf("after %v: %v", s, err)
		}
	}
	if group, err := unix.Getpgid(p.Process.Process.Pid); err != nil || group != p.Process.Process.Pid {
		t.Errorf("it is in group %d, %v", group, err)
	}
	if err := o.End(); err != nil {
		t.Error(err)
	}
}

// TestFewAllocationsForAListener: its socket, and the address that it is bound to.
func TestFewAllocationsForAListener(t *testing.T) {
	port, err := sweep.FreePort(sock.Kernel(), sock.TCP)
	if err != nil {
		t.Fatal(err)
	}
	const n = 200
	h := Holding(sock.Kernel())
	defer func() { _ = h.End() }()
	from := first
	per := testing.AllocsPerRun(2, func() {
		l, err := h.Listen(from, n, port)
		if held, _ := l.counts(); err != nil || held != n {
			t.Errorf("%+v, %v", l, err)
		}
		from += n
	})
	if per > 2*n+n/10 {
		t.Errorf("%v allocations for %d listeners", per, n)
	}
}
