package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// cutShort is a context that ends when it has been asked so often whether it has ended: a sweep
// asks before every few thousand addresses. An interrupt comes between the same two of them,
// however fast the machine is.
type cutShort struct {
	context.Context
	left *atomic.Int64
}

func (c cutShort) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func cutAfter(asked int64) cutShort {
	c := cutShort{context.Background(), new(atomic.Int64)}
	c.left.Store(asked)
	return c
}

// TestMain keeps the tests in a private host.
func TestMain(m *testing.M) {
	child.Main()
	os.Exit(privatehost.Within(m.Run))
}

// deaf lets nothing arrive at every fourth /20 of this private host, so that it shows if an address
// was taken for asked that was not, or got the outcome of another.
func deaf(t *testing.T) {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	unable.Skip(t, err)
	for _, a := range addresses {
		if n, is := a.(*net.IPNet); is && !n.IP.IsLoopback() {
			unable.Skip(t, errors.New("this is no private host"))
		}
	}
	nft := func(script string) {
		c := exec.Command("nft", "-f", "-")
		c.Stdin = strings.NewReader(script)
		if said, err := c.CombinedOutput(); err != nil {
			unable.Skip(t, fmt.Errorf("nft: %w: %s", err, said))
		}
	}
	nft("table ip deaf { chain c { type filter hook input priority 0; ip daddr & 0.0.48.0 == 0.0.32.0 drop; }; }")
	t.Cleanup(func() { nft("delete table ip deaf") })
}

// mostAsked is half as often again as a sweep of the test asks until it calls what it misses dead:
// a dead address is asked from the beginning after every interrupt.
const mostAsked = 120

// TestInterruptedSweepsEndAsOthers interrupts twenty runs at random moments, each as often as it
// takes to its end. The report goes through its file each time, and in the end holds what that of
// an uninterrupted run does.
func TestInterruptedSweepsEndAsOthers(t *testing.T) {
	unable.Long(t, "it sweeps")
	deaf(t)
	r, _ := lacking(t, t.TempDir(), 0)
	begun := func() Outcome {
		out := Outcome{Report: r}
		var err error
		if out.Report.Sweeps, _, err = parseSweeps("udp=127.255.0.0/16,bind=127.255.0.0/17"); err != nil {
			t.Fatal(err)
		}
		return out
	}
	whole := begun()
	if err := sweepAll(t.Context(), quiet, &whole, nil); err != nil || whole.Interrupted {
		t.Fatal(whole.Interrupted, err)
	}
	if s := whole.Report.Sweeps[0]; s.Delivered != 1<<16-1<<14-1 {
		t.Fatalf("%d answer: %v", s.Delivered, s.Exceptions)
	}
	random := rand.New(rand.NewPCG(127, 1)) // the same moments each time
	interrupts := 0
	for run := range 20 {
		out := begun()
		for cut := true; cut; {
			out.Interrupted = false
			if err := sweepAll(cutAfter(1+random.Int64N(mostAsked)), quiet, &out, nil); err != nil {
				t.Fatal(err)
			}
			out.Report = reread(t, out.Report)
			if cut = out.Interrupted; cut {
				interrupts++
			}
		}
		if got, want := findings(t, out.Report), findings(t, whole.Report); got != want {
			t.Errorf("run %d:\n%s, want\n%s", run, got, want)
		}
	}
	if interrupts < 20 {
		t.Errorf("only %d interrupts", interrupts)
	}
	t.Logf("%d interrupts", interrupts)
}

// reread is a report as the next run reads it.
func reread(t *testing.T, r model.Report) model.Report {
	t.Helper()
	b, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = model.Decode(bytes.NewReader(b), "part.json", claim.Catalogue()); err != nil {
		t.Fatal(err)
	}
	return r
}

// findings are the sweeps of a report without what depends on how busy the machine was.
func findings(t *testing.T, r model.Report) string {
	t.Helper()
	var out []byte
	for _, s := range r.Sweeps {
		s.Seconds, s.Late, s.Workers = 0, 0, 0
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(append(out, b...), '\n')
	}
	return string(out)
}
