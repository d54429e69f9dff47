package capacity

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// doomed is the environment variable that makes the test binary hold listeners until somebody kills
// it.
const doomed = "LOOPMATRIX_TEST_HOLDS"

// hold is what a parent does that is killed: it holds listeners, says so, and waits.
func hold() {
	if os.Getenv(doomed) == "" {
		return
	}
	_ = os.Unsetenv(doomed) // it is not for those who listen
	p := Plan{Most: 3 * chunk, Gauge: &pausing{Gauge: Machine(), pause: func() {
		fmt.Println("holding")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed; where nothing else is waited for, select {} is a deadlock
	}}}
	_, err := Run(context.Background(), p, &Progress{})
	fmt.Println("the end", err)
	os.Exit(1)
}

// pausing is a gauge that does something when it is read the second time: when all is held.
type pausing struct {
	Gauge
	pause func()
	read  int
}

func (p *pausing) Sockets() (int, bool) {
	n, known := p.Gauge.Sockets()
	if p.read++; p.read == 2 {
		p.pause()
	}
	return n, known
}

// good says what is wrong with who answered; empty if nothing is.
func good(seen observation.Set) string {
	var wrong []string
	for _, o := range seen {
		want := observation.OK
		if o.Variant == Outside || o.Variant == Closed {
			want = observation.Refused
		}
		if o.Outcome != want {
			wrong = append(wrong, fmt.Sprintf("%s %v %s %s", o.Variant, o.Targets, o.Problem(), o.Value))
		}
	}
	return strings.Join(wrong, "; ")
}

func TestThisKernel(t *testing.T) {
	r, err := Run(context.Background(), Plan{Most: 3000}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Held == 0 || good(r.Seen) != "" || r.Seen.Op("reach").Variant(Sample).Outcome(observation.OK).Count() < min(sample, r.Held) {
		t.Errorf("%d held, %v, %s", r.Held, r.Stop, good(r.Seen))
	}
	if r.Full > r.Largest {
		t.Errorf("a process of %d is full, and the largest has %d", r.Full, r.Largest)
	}
	if r.Counted >= 0 && r.Counted != r.Held {
		t.Errorf("%d held, and the kernel counts %d", r.Held, r.Counted)
	}
	const most = 64 << 20 // of memory that a process has for itself
	if r.LargestOwn > most || r.LargestOwn > r.Own {
		t.Errorf("the largest process takes %d bytes, all together %d", r.LargestOwn, r.Own)
	}
}

// hurried is a gauge that calls somebody the third time that it is asked for what is free.
type hurried struct {
	Gauge
	asked *atomic.Int64
	call  func()
}

func (h hurried) Free() (int64, bool) {
	if h.asked.Add(1) == 3 {
		h.call()
	}
	return h.Gauge.Free()
}

// TestInterruptedProcesses: what is held by then is counted, dialled and let go of.
func TestInterruptedProcesses(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Run(ctx, Plan{Workers: 1, Gauge: hurried{Machine(), new(atomic.Int64), cancel}}, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Held == 0 || r.Stop.Limit != Interrupted || good(r.Seen) != "" {
		t.Errorf("%d held, %v; %s", r.Held, r.Stop, good(r.Seen))
	}
}

// TestTheProcessDies: what it held is gone, which is told and not passed over.
func TestTheProcessDies(t *testing.T) {
	p := Plan{Most: 3000, Workers: 1, Start: func() (Holder, error) {
		o, err := Process()
		return murdered{o}, err
	}}
	r, err := Run(context.Background(), p, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Held != 0 || r.Stop.Limit != Ended || !errors.Is(r.Stop.Err, errEnded) || !strings.Contains(r.Stop.Err.Error(), "3000 listeners") {
		t.Errorf("%d held, %v", r.Held, r.Stop)
	}
}

// murdered is a holder whose process is killed when everything is held.
type murdered struct{ Holder }

func (m murdered) Memory() (int64, error) {
	p, is := m.Holder.(*process)
	if !is {
		return 0, errors.New("this is no process")
	}
	if err := p.Process.Process.Kill(); err != nil {
		return 0, err
	}
	for { // the kill comes when it comes
		if _, err := m.Holder.Memory(); err != nil {
			return 0, err
		}
	}
}

// TestNobodyIsLeft kills a parent, which has no time to tell its processes. They have its standard
// error, which ends when the last of them does.
func TestNobodyIsLeft(t *testing.T) {
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), doomed+"=1")
	left, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	parent.Stderr = theirs
	if _, err := parent.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || said != "holding\n" {
		t.Errorf("it said %q, %v", said, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = parent.Wait()
	if words, err := io.ReadAll(left); err != nil || len(words) > 0 {
		t.Errorf("%q, %v", words, err)
	}
}

func TestAProcessEndsWithItsInput(t *testing.T) {
	in, _ := io.Pipe()
	_ = in.Close()
	if err := serve(strings.NewReader(""), io.Discard, Holding(sock.Kernel())); err != nil {
		t.Error(err)
	}
	o, err := Process()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.End(); err != nil { // it waits until the process is gone, whose exit status is 0
		t.Error(err)
	}
}

// TestAnotherProgram: what does not greet holds nothing.
func TestAnotherProgram(t *testing.T) {
	for _, program := range []string{"true", "echo"} {
		path, err := exec.LookPath(program)
		if err != nil {
			continue // not everywhere
		}
		if _, err := start(child.Options{Program: path}); !errors.Is(err, errEnded) {
			t.Errorf("%s: %v", program, err)
		}
	}
}
