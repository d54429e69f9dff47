package sweep

import (
	"errors"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// streams is the lane of TCP: a group of connections is begun side by side to a listener on
// 0.0.0.0, which tells by the local address of each connection it accepts which address it was for.
// A group waits once for all that do not answer, however many they are.
type streams struct {
	listener sock.Socket
	stack    sock.Stack
	port     uint16
	silent   int // how many addresses have not answered
	lost, of int
	dials    []*dial
	byOffset map[Offset]*dial
}

// dial is one connection under way.
type dial struct {
	to     Offset
	socket sock.Socket
	err    error // why it failed; a Timeout while it is under way
	met    bool  // whether the listener has accepted it
}

// Groups are as large as the smallest listen backlog in the field (128 on macOS:
// kern.ipc.somaxconn), and larger once silence is the rule, where no backlog fills.
const (
	group      = 100
	largeGroup = 400
)

// hurry is the longest wait for a group once thousands of addresses have been silent: with
// sock.Impatience for each of them, a host that is silent everywhere would take a day.
const hurry = 25 * time.Millisecond

// thousands of silent addresses are no fault in a few places.
const thousands = 4096

func newStreams(p Plan) lane {
	return &streams{stack: p.stack(), byOffset: map[Offset]*dial{}}
}

// listen opens the listener with the first group.
func (s *streams) listen() error {
	if s.listener != nil {
		return nil
	}
	l, err := s.stack.Socket(sock.Inet, sock.TCP)
	if err != nil {
		return err
	}
	// What is accepted inherits it on most systems: closed by a reset, a connection leaves no
	// TIME-WAIT behind.
	_ = l.SetOption(sock.Linger, 0)
	err = l.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 0))
	if err == nil {
		err = l.Listen(4 * group)
	}
	var name netip.AddrPort
	if err == nil {
		name, err = l.Name()
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	s.listener, s.port = l, name.Port()
	return s.settle()
}

// errNoStream is when connections are silent wherever a marker may go: then nothing can be said
// about what is silent.
var errNoStream = errors.New("no connection came to be to any of 127.0.0.1, 127.0.0.2, 127.128.0.1, 127.1.2.3 and 127.255.255.254")

// settle connects to one of homes. A refusal is an answer, too: only silence says nothing.
func (s *streams) settle() error {
	silence := false
	for _, home := range homes {
		d := &dial{to: home}
		clear(s.byOffset)
		s.dials, s.byOffset[home] = append(s.dials[:0], d), d
		if err := s.connect(sock.Impatience, false); err != nil || d.met {
			return err
		}
		silence = silence || sock.OutcomeOf(d.err) == observation.Timeout
	}
	if silence {
		return errNoStream
	}
	return nil
}

func (s *streams) first(f *Field, from, to Offset) error {
	return s.all(f, Unasked, from, to, OK, false)
}

func (s *streams) again(f *Field, from, to Offset, last bool) error {
	return s.all(f, Missing, from, to, Late, last)
}

// all dials the addresses of [from, to) that have the code which.
func (s *streams) all(f *Field, which Code, from, to Offset, good Code, last bool) error {
	if err := s.listen(); err != nil {
		return err
	}
	for next := from; next < to; {
		size := group
		if s.silent >= thousands {
			size = largeGroup
		}
		s.dials = s.dials[:0]
		clear(s.byOffset)
		for ; next < to && len(s.dials) < size; next++ {
			if f.codes[next] == which {
				d := &dial{to: next}
				s.dials, s.byOffset[next] = append(s.dials, d), d
			}
		}
		if err := s.connect(s.patience(which, last), which == Missing || s.silent > 0); err != nil {
			return err
		}
		for _, d := range s.dials {
			f.codes[d.to] = s.outcome(f, d, good, last)
		}
	}
	return nil
}

// patience is how long a group waits for those that do not answer at once.
func (s *streams) patience(which Code, last bool) time.Duration {
	switch {
	case s.silent >= thousands:
		return hurry
	case last:
		return sock.Patience
	case which == Missing || s.silent < sock.Crowd:
		return sock.Impatience
	default:
		return hurry
	}
}

// connect starts all dials, accepts what comes, and waits once for the rest. One by one accepts
// after each dial: the listener's queue may have room for one (net.core.somaxconn=1).
func (s *streams) connect(wait time.Duration, oneByOne bool) error {
	defer func() {
		for _, d := range s.dials {
			if d.socket != nil {
				_ = d.socket.Close()
			}
		}
	}()
	for i, d := range s.dials {
		d.start(s.stack, s.port)
		if !oneByOne && i < len(s.dials)-1 {
			continue
		}
		if err := s.accept(); err != nil {
			return err
		}
	}
	deadline := time.Now().Add(wait)
	for _, d := range s.dials {
		if !d.met && sock.OutcomeOf(d.err) == observation.Timeout {
			d.err = d.socket.Connect(netip.AddrPortFrom(d.to.Addr(), s.port), max(time.Until(deadline), 0))
		}
	}
	return s.accept()
}

func (d *dial) start(stack sock.Stack, port uint16) {
	if d.socket, d.err = stack.Socket(sock.Inet, sock.TCP); d.err != nil {
		return
	}
	_ = d.socket.SetOption(sock.Linger, 0) // as at the listener
	d.err = d.socket.Connect(netip.AddrPortFrom(d.to.Addr(), port), 0)
}

// accept takes what has been connected.
func (s *streams) accept() error {
	for {
		c, from, err := s.listener.Accept(0)
		if sock.OutcomeOf(err) == observation.Timeout {
			return nil
		}
		if sock.OutcomeOf(err) == observation.Refused {
			continue // ECONNABORTED: reset before it was accepted
		}
		if err != nil {
			return err
		}
		name, err := c.Name()
		_ = c.Close()
		if err != nil {
			return err
		}
		if o, inside := offsetOf(name.Addr().Unmap().As4()); inside && s.byOffset[o] != nil {
			s.byOffset[o].met = true
		} else {
			s.stray(from)
		}
	}
}

// stray finds the dial that was accepted at an address that was not dialled.
func (s *streams) stray(from netip.AddrPort) {
	for _, d := range s.dials {
		if d.socket == nil || d.met {
			continue
		}
		if name, err := d.socket.Name(); err == nil && name.Port() == from.Port() {
			d.err = &sock.Error{Op: "accept", Outcome: observation.Astray}
		}
	}
}

func (s *streams) outcome(f *Field, d *dial, good Code, last bool) Code {
	s.of++
	outcome := sock.OutcomeOf(d.err)
	switch {
	case d.met:
		if good == Late {
			s.lost++
			s.of++
		}
		return good
	case outcome == observation.Astray:
		return Astray
	case outcome == observation.Exhausted && !last:
		return Missing
	case outcome != observation.OK && outcome != observation.Timeout:
		return f.codeOf(d.err)
	case !last:
		s.silent++
		return Missing
	default:
		return Silent
	}
}

func (s *streams) losses() (lost, of int) { return s.lost, s.of }

func (s *streams) close() error {
	if s.listener == nil {
		return nil
	}
	return s.listener.Close()
}
