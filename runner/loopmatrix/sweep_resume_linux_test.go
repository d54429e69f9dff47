package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// cutShort is a context that ends when it has been asked so often whether it has ended: a sweep asks before every few
// thousand addresses. An interrupt comes between the same two of them, however fast the machine is.
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

// deaf lets nothing arrive at every fourth /20 of this private host, so that it shows if an address was taken for asked that
// was not, or got the outcome of another.
func deaf(t *testing.T) {
	t.Helper()
	unable.Skip(t, sheltered())
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

// mostAsked is half as often again as a sweep of the test asks until it calls what it misses dead: a dead address is asked from
// the beginning after every interrupt.
const mostAsked = 120

// TestInterruptedSweepsEndAsOthers interrupts twenty runs at random moments, each as often as it takes to its end. The
// report goes through its file each time, and in the end holds what that of an uninterrupted run does.
func TestInterruptedSweepsEndAsOthers(t *testing.T) {
	deaf(t)
	const sweeps = "udp=127.255.0.0/16,bind=127.255.0.0/17"
	path := filepath.Join(t.TempDir(), "r.json")
	if r := loopmatrix(t, "run", "--quiet", "--claims", "none", "--wire", "off", "--sweep", sweeps, "--out", path); r.code != exitFine && r.code != exitDeviates {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	whole := partial(t, path)
	if s := whole.Sweeps[0]; s.Delivered != 1<<16-1<<14-1 {
		t.Fatalf("%d answer: %v", s.Delivered, s.Exceptions)
	}
	random := rand.New(rand.NewPCG(127, 1)) // the same moments each time
	interrupts := 0
	for run := range 20 {
		r := whole
		var err error
		if r.Sweeps, err = asks(sweeps); err != nil {
			t.Fatal(err)
		}
		for cut := true; cut; {
			if cut, err = (runFlags{quiet: true}).sweepAll(cutAfter(1+random.Int64N(mostAsked)), &r); err != nil {
				t.Fatal(err)
			}
			if r = reread(t, r); cut {
				interrupts++
			}
		}
		if got, want := findings(t, r), findings(t, whole); got != want {
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
	b, err := finished(r)
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
