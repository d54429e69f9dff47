//go:build unix

package capacity

import (
	"context"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// few starts a process that can have 300 descriptors.
func few() (Owner, error) {
	return launch(child.Options{Program: "/bin/sh", Arguments: []string{"-c", `ulimit -n 300; exec "$0"`, os.Args[0]}})
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
		if _, err := o.Own(); err != nil {
			t.Errorf("after %v: %v", s, err)
		}
	}
	if group, err := unix.Getpgid(p.Process.Process.Pid); err != nil || group != p.Process.Process.Pid {
		t.Errorf("it is in group %d, %v", group, err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func TestNoAllocationForAListener(t *testing.T) {
	c := coordinator{Plan: Plan{}.complete()}
	if err := c.choose(); err != nil {
		t.Fatal(err)
	}
	const n = 200
	room := kernelRoom()
	defer func() { _ = room.Close() }()
	from := first
	per := testing.AllocsPerRun(2, func() {
		h, err := room.Hold(from, n, c.port)
		if err != nil || h.Tried != n || h.Failed() > 0 {
			t.Errorf("%+v, %v", h, err)
		}
		from += sweep.Offset(n)
	})
	if per > n/10 {
		t.Errorf("%v allocations for %d listeners", per, n)
	}
}
