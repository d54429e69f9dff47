package capacity

import (
	"context"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// mute is a stack on which no connection is answered: dialled is called before each, and waited
// for.
type mute struct {
	sock.Stack
	dialled func(n int)
	count   *atomic.Int64
}

type muteSocket struct {
	sock.Socket
	m mute
}

func (m mute) Socket(family sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := m.Stack.Socket(family, t)
	return muteSocket{s, m}, err
}

func (s muteSocket) Connect(netip.AddrPort, time.Duration) error {
	s.m.dialled(int(s.m.count.Add(1)))
	return sock.Errno("connect", "ETIMEDOUT", 0)
}

// TestNothingAnswers dials a few of many listeners where none answers, as behind a packet filter.
func TestNothingAnswers(t *testing.T) {
	p, dials := faked(3000, plain), new(atomic.Int64)
	p.Stack = mute{p.Stack, func(int) {}, dials}
	r, err := Run(context.Background(), p, &Progress{})
	most := int64(2*mostSilent + alongside)
	if err != nil || r.Held != 3000 || dials.Load() > most || r.Seen.Variant(Sample).Outcome(observation.Timeout).Count() != 2*mostSilent {
		t.Errorf("%v: %d held, %d dialled, at most %d: %v", err, r.Held, dials.Load(), most, r.Seen)
	}
}

// TestInterruptedWhileNothingAnswers ends a run while a dial is under way that never returns.
func TestInterruptedWhileNothingAnswers(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	forever := make(chan struct{})
	defer close(forever)
	p := faked(3000, plain)
	p.Stack = mute{p.Stack, func(int) {
		cancel()
		<-forever
	}, new(atomic.Int64)}
	ended := make(chan Result, 1)
	go func() {
		r, _ := Run(ctx, p, &Progress{})
		ended <- r
	}()
	const soon = 10 * time.Second // two, on a machine that does nothing else
	select {
	case r := <-ended:
		if r.Held != 3000 {
			t.Errorf("%d held", r.Held)
		}
	case <-time.After(soon):
		t.Error("an interrupted run waits for a dial")
	}
}
