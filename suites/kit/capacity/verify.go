package capacity

import (
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
	Outside = "outside"         // addresses that nobody was asked to listen on
	Closed  = "closed"          // addresses whose listener was closed
	Beside  = "beside a closed" // their neighbours
)

// sample is how many listeners are dialled, and at least one of each process: a fault of one in a hundred is missed by
// chance once in thirteen times, and 256 take a tenth of a second.
const sample = 256

// alongside is how many addresses without a listener are dialled, and side by side: Windows takes 2 s to refuse.
const alongside = 16

// closings is how many listeners are closed to see that nobody takes their place.
const closings = 8

// mostSilent is how many listeners are waited for in vain until the others are not waited for as long.
const mostSilent = 4

func offsetOf(a netip.Addr) sweep.Offset {
	b := a.As4()
	return sweep.Offset(b[1])<<16 | sweep.Offset(b[2])<<8 | sweep.Offset(b[3])
}

// verify finds out who answers: whether those that are dialled answer as themselves, and nobody for those that are not
// listened on.
func (c *coordinator) verify() observation.Set {
	c.giveBack()
	v := verifier{coordinator: c}
	for _, at := range v.sampled() {
		v.meet(at, Sample)
	}
	v.nobody(v.outside(), Outside)
	v.close()
	return observation.Fold(v.seen)
}

type verifier struct {
	*coordinator
	seen   observation.Set
	silent int
}

func (v *verifier) saw(variant string, at sweep.Offset, o observation.Observation) {
	o.Op, o.Proto, o.Variant, o.Targets, o.Count = "reach", "tcp", variant, []string{at.Addr().String()}, 1
	v.seen = append(v.seen, o)
}

// sampled are the listeners to dial, in order: evenly from all, the first and the last among them, and the first of each process.
func (v *verifier) sampled() []sweep.Offset {
	var out []sweep.Offset
	var parts []stretch
	for _, o := range v.owners {
		parts = append(parts, o.parts...)
		if len(o.parts) > 0 {
			out = append(out, o.parts[0].from)
		}
	}
	n := min(sample, v.held)
	for i := range n {
		rank := 0
		if n > 1 {
			rank = i * (v.held - 1) / (n - 1)
		}
		for _, p := range parts {
			if rank < p.n {
				out = append(out, p.from+sweep.Offset(rank))
				break
			}
			rank -= p.n
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// owner is who holds the listener on an address; nil if nobody does.
func (v *verifier) owner(at sweep.Offset) *owned {
	for _, o := range v.owners {
		for _, p := range o.parts {
			if at >= p.from && at < p.from+sweep.Offset(p.n) {
				return o
			}
		}
	}
	return nil
}

// meet dials a listener, and lets its owner accept and say who it is.
func (v *verifier) meet(at sweep.Offset, variant string) {
	to := netip.AddrPortFrom(at.Addr(), v.port)
	s, err := v.dial(to, v.patience())
	if err != nil {
		v.saw(variant, at, sock.Describe(observation.Observation{}, err))
		return
	}
	defer func() { _ = s.Close() }()
	m, err := v.owner(at).Meet(at, v.patience())
	if sock.OutcomeOf(err) == observation.Timeout {
		v.silent++
		v.saw(variant, at, observation.Observation{Outcome: observation.Astray, Value: "somebody else accepted"})
		return
	}
	if err != nil {
		v.saw(variant, at, sock.Describe(observation.Observation{}, err))
		return
	}
	v.saw(variant, at, v.compare(s, to, m))
}

// patience is shorter once it was of no use.
func (v *verifier) patience() time.Duration {
	if v.silent >= mostSilent {
		return sock.Impatience
	}
	return sock.Patience
}

func (v *verifier) dial(to netip.AddrPort, wait time.Duration) (sock.Socket, error) {
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

// compare looks at both ends of a connection, and at what the listener said.
func (v *verifier) compare(s sock.Socket, to netip.AddrPort, m Meeting) observation.Observation {
	name, err := s.Name()
	if err != nil {
		return sock.Describe(observation.Observation{}, err)
	}
	peer, err := s.PeerName()
	if err != nil {
		return sock.Describe(observation.Observation{}, err)
	}
	said, err := s.Recv(len(token(last, 1<<16-1)), v.patience())
	if err != nil {
		return sock.Describe(observation.Observation{}, err)
	}
	astray := func(what string) observation.Observation {
		return observation.Observation{Outcome: observation.Astray, Value: what}
	}
	switch {
	case m.Listener != to:
		return astray("getsockname of the listener is another address")
	case m.Local != to:
		return astray("getsockname of the connection is another address")
	case peer != to:
		return astray("getpeername of the client is another address")
	case m.Peer != name:
		return astray("getpeername of the connection is not the client's address")
	case string(said.Data) != token(offsetOf(to.Addr()), to.Port()):
		return astray("the listener said that it is another")
	default:
		return observation.Observation{Outcome: observation.OK}
	}
}

// outside are addresses that nobody was given: the next ones, and some evenly from all that follow.
func (v *verifier) outside() []sweep.Offset {
	var out []sweep.Offset
	next := v.next
	for _, s := range v.rest { // given to an owner that could hold no more
		for i := 0; i < s.n && len(out) < alongside/4; i++ {
			out = append(out, s.from+sweep.Offset(i))
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

// nobody dials addresses on which nobody may answer, all side by side.
func (v *verifier) nobody(there []sweep.Offset, variant string) {
	results := make([]observation.Observation, len(there))
	var all sync.WaitGroup
	for i, at := range there {
		all.Go(func() {
			s, err := v.dial(netip.AddrPortFrom(at.Addr(), v.port), sock.Patience)
			if err == nil {
				_ = s.Close()
				results[i] = observation.Observation{Outcome: observation.Astray, Value: "somebody accepted"}
				return
			}
			results[i] = sock.Describe(observation.Observation{}, err)
		})
	}
	all.Wait()
	for i, at := range there {
		v.saw(variant, at, results[i])
	}
}

// close closes some listeners of the sample, and asks who answers there then, and beside them.
func (v *verifier) close() {
	all := v.sampled()
	var closed []sweep.Offset
	for i := range min(closings, len(all)/2) { // every other one at most, so that there are neighbours
		at := all[i*len(all)/min(closings, len(all)/2)]
		if err := v.owner(at).Shut(at); err != nil {
			v.saw(Closed, at, sock.Describe(observation.Observation{}, err))
			continue
		}
		closed = append(closed, at)
	}
	v.nobody(closed, Closed)
	for _, at := range closed {
		for _, beside := range []sweep.Offset{at - 1, at + 1} {
			if v.owner(beside) != nil && !slices.Contains(closed, beside) {
				v.meet(beside, Beside)
			}
		}
	}
}
