package capacity

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// What is dialled. The words are the variants of the observations.
const (
	Sample  = "held"            // listeners, evenly from all
	Outside = "outside"         // addresses that no holder was given
	Closed  = "closed"          // addresses whose listener was closed
	Beside  = "beside a closed" // their neighbours
)

// sample is how many listeners are dialled, and at least one of each process: a fault of one in a
// hundred is missed by chance once in thirteen times, and 256 take a tenth of a second.
const sample = 256

// alongside is how many addresses without a listener are dialled, and side by side: Windows takes 2
// s to refuse.
const alongside = 16

// closings is how many listeners are closed, and nothing may answer in their place.
const closings = 8

// mostSilent is how many listeners are waited for in vain until the others are not waited for as
// long; after twice as many, and none that answered, no more are dialled.
const mostSilent = 4

// afterInterrupt is how long listeners are still dialled once a run is interrupted.
const afterInterrupt = time.Second

func offsetOf(a netip.Addr) sweep.Offset {
	b := a.As4()
	return sweep.Offset(b[1])<<16 | sweep.Offset(b[2])<<8 | sweep.Offset(b[3])
}

// verify dials listeners, which answer as themselves, and addresses without a listener, which
// nothing may answer for.
func (c *coordinator) verify(ctx context.Context) observation.Set {
	c.spare.release()
	v := verifier{coordinator: c, run: ctx}
	for _, at := range v.sampled() {
		if v.enough() {
			break
		}
		v.saw(Sample, at, v.reach(at))
	}
	v.unanswered(v.outside(), Outside)
	if !v.enough() {
		v.close()
	}
	return observation.Fold(v.seen)
}

type verifier struct {
	*coordinator
	// run ends when the run is interrupted; since is when that was noticed.
	run   context.Context
	since time.Time
	seen  observation.Set
	// silent and answered count the listeners that were dialled.
	silent, answered int
}

// enough reports whether no more is to be dialled: nothing ever answers here, or the run was
// interrupted a while ago.
func (v *verifier) enough() bool {
	if v.run.Err() != nil && v.since.IsZero() {
		v.since = v.now()
	}
	interrupted := !v.since.IsZero() && v.now().Sub(v.since) > afterInterrupt
	return interrupted || v.answered == 0 && v.silent >= 2*mostSilent
}

// astray is the error of a connection that went elsewhere, in words.
type astray string

func (a astray) Error() string { return string(a) }

func (v *verifier) saw(variant string, at sweep.Offset, err error) {
	if errors.Is(err, errAbandoned) {
		return
	}
	o := observation.Observation{Op: "reach", Proto: "tcp", Variant: variant, Targets: []string{at.Addr().String()}, Count: 1}
	if what, is := errors.AsType[astray](err); is {
		o.Outcome, o.Value = observation.Astray, string(what)
	} else {
		o = sock.Describe(o, err)
	}
	v.seen = append(v.seen, o)
}

// sampled returns the listeners to dial, in order: evenly from all, the first and the last among
// them, and the first of each process.
func (v *verifier) sampled() []sweep.Offset {
	var out []sweep.Offset
	var parts []Range
	for _, h := range v.holders {
		parts = append(parts, h.parts...)
		if len(h.parts) > 0 {
			out = append(out, h.parts[0].From)
		}
	}
	n := min(sample, v.held)
	for i := range n {
		rank := 0
		if n > 1 {
			rank = i * (v.held - 1) / (n - 1)
		}
		for _, p := range parts {
			if rank < p.N {
				out = append(out, p.From+sweep.Offset(rank))
				break
			}
			rank -= p.N
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// holder returns what holds the listener on an address; nil if nothing does.
func (v *verifier) holder(at sweep.Offset) *holder {
	for _, h := range v.holders {
		if slices.ContainsFunc(h.parts, func(r Range) bool { return r.has(at) }) {
			return h
		}
	}
	return nil
}

// reach dials a listener, lets its holder accept, and compares both ends.
func (v *verifier) reach(at sweep.Offset) error {
	to := netip.AddrPortFrom(at.Addr(), v.port)
	s, err := v.dial(to, v.patience())
	if sock.OutcomeOf(err) == observation.Timeout {
		v.silent++
	}
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	a, err := v.holder(at).Accept(at, v.patience())
	if sock.OutcomeOf(err) == observation.Timeout {
		v.silent++
		return astray("somebody else accepted")
	}
	if err != nil {
		return err
	}
	v.answered++
	return v.compare(s, to, a)
}

// patience returns how long an answer is waited for: less once that was of no use, or the run was
// interrupted.
func (v *verifier) patience() time.Duration {
	if v.silent >= mostSilent || v.run.Err() != nil {
		return sock.Impatience
	}
	return sock.Patience
}

// errAbandoned is behind a dial that an interrupted run does not wait for.
var errAbandoned = errors.New("interrupted")

// dial connects to an address. An interrupted run waits a moment longer for that.
func (v *verifier) dial(to netip.AddrPort, wait time.Duration) (sock.Socket, error) {
	type end struct {
		s   sock.Socket
		err error
	}
	done := make(chan end, 1)
	go func() {
		s, err := v.connect(to, wait)
		done <- end{s, err}
	}()
	var over <-chan time.Time
	for interrupted := v.run.Done(); ; {
		select {
		case e := <-done:
			return e.s, e.err
		case <-interrupted:
			interrupted, over = nil, time.After(sock.Impatience)
		case <-over:
			return nil, errAbandoned
		}
	}
}

func (v *verifier) connect(to netip.AddrPort, wait time.Duration) (sock.Socket, error) {
	s, err := v.Stack.Socket(sock.Inet, sock.TCP)
	if err != nil {
		return nil, err
	}
	_ = s.SetOption(sock.Linger, 0) // a courtesy: no TIME-WAIT is left behind
	if err := s.Connect(to, wait); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// compare looks at both ends of a connection, and at what the listener sent.
func (v *verifier) compare(s sock.Socket, to netip.AddrPort, a Accepted) error {
	name, err := s.Name()
	if err != nil {
		return err
	}
	peer, err := s.PeerName()
	if err != nil {
		return err
	}
	sent, err := s.Recv(len(token(last, 1<<16-1)), v.patience())
	switch {
	case err != nil:
		return err
	case a.Listener != to:
		return astray("getsockname of the listener is another address")
	case a.Local != to:
		return astray("getsockname of the connection is another address")
	case peer != to:
		return astray("getpeername of the client is another address")
	case a.Peer != name:
		return astray("getpeername of the connection is not the client's address")
	case string(sent.Data) != token(offsetOf(to.Addr()), to.Port()):
		return astray("the listener said that it is another")
	default:
		return nil
	}
}

// outside returns addresses that no holder was given: the next ones, and some evenly from all that
// follow.
func (v *verifier) outside() []sweep.Offset {
	var out []sweep.Offset
	next := v.next
	for _, r := range v.rest { // given to a holder that could hold no more
		for i := 0; i < r.N && len(out) < alongside/4; i++ {
			out = append(out, r.From+sweep.Offset(i))
		}
	}
	for ; next <= last && len(out) < alongside/2; next++ {
		out = append(out, next)
	}
	for n, i := alongside-len(out), 1; i <= n && next <= last; i++ {
		out = append(out, next+sweep.Offset(int(last-next)*i/n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unanswered dials addresses on which nothing may answer, all side by side.
func (v *verifier) unanswered(there []sweep.Offset, variant string) {
	results := make([]error, len(there))
	var all sync.WaitGroup
	for i, at := range there {
		all.Go(func() {
			s, err := v.dial(netip.AddrPortFrom(at.Addr(), v.port), v.patience())
			if err == nil {
				_, err = s.Close(), astray("somebody accepted")
			}
			results[i] = err
		})
	}
	all.Wait()
	for i, at := range there {
		v.saw(variant, at, results[i])
	}
}

// close closes some listeners of the sample, and dials there then, and beside them.
func (v *verifier) close() {
	all := v.sampled()
	var closed []sweep.Offset
	n := min(closings, len(all)/2) // every other one at most, so that there are neighbours
	for i := range n {
		at := all[i*len(all)/n]
		if err := v.holder(at).Close(at); err != nil {
			v.saw(Closed, at, err)
			continue
		}
		closed = append(closed, at)
	}
	v.unanswered(closed, Closed)
	for _, at := range closed {
		for _, beside := range []sweep.Offset{at - 1, at + 1} {
			if v.holder(beside) != nil && !slices.Contains(closed, beside) {
				v.saw(Beside, beside, v.reach(beside))
			}
		}
	}
}
