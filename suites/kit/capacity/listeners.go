package capacity

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// listenerSet is the listeners of this process, in the order in which they came.
type listenerSet struct {
	stack     sock.Stack
	listeners []listener
	// unbound is a socket that could not be bound to an address, and may be to the next; nil if
	// there is none.
	unbound sock.Socket
	spare   spares
}

type listener struct {
	sock.Socket
	at   sweep.Offset
	port uint16
}

// Holding returns a holder in this process; the stack opens its sockets.
func Holding(stack sock.Stack) Holder { return &listenerSet{stack: stack} }

// spareForAccept is how many descriptors a process keeps for the connections that it accepts when
// it can have no more.
const spareForAccept = 4

// Listen takes the descriptors to spare before the listeners take all. A process that can't even
// have those has none to listen with either, which socket says again.
func (s *listenerSet) Listen(from sweep.Offset, n int, port uint16) (out Listened, err error) {
	if len(s.listeners) == 0 {
		s.spare.take(s.stack, spareForAccept)
	}
	for i := range n {
		at := from + sweep.Offset(i)
		failed := s.listen(at, port)
		if failed == nil {
			out.add(at)
		} else if b, _ := boundOf(failed); b == ofAddress {
			out.fail(at, failed)
		} else {
			out.Stopped = failed
			break
		}
	}
	return out, nil
}

// backlog is enough for clients that dial one at a time.
const backlog = 8

func (s *listenerSet) listen(at sweep.Offset, port uint16) *sock.Error {
	l := s.unbound
	if s.unbound = nil; l == nil {
		opened, err := s.stack.Socket(sock.Inet, sock.TCP)
		if err != nil {
			return asError("socket", err)
		}
		l = opened
	}
	if err := l.Bind(netip.AddrPortFrom(at.Addr(), port)); err != nil {
		s.unbound = l
		return asError("bind", err)
	}
	if err := l.Listen(backlog); err != nil {
		_ = l.Close()
		return asError("listen", err)
	}
	s.listeners = append(s.listeners, listener{l, at, port})
	return nil
}

func asError(op string, err error) *sock.Error {
	if e, is := errors.AsType[*sock.Error](err); is {
		return e
	}
	return &sock.Error{Op: op, Outcome: sock.OutcomeOf(err), Err: err}
}

// find returns the listener on an address.
func (s *listenerSet) find(at sweep.Offset) (listener, error) {
	i := slices.IndexFunc(s.listeners, func(l listener) bool { return l.at == at })
	if i < 0 {
		return listener{}, fmt.Errorf("%s: no listener of this process", at.Addr())
	}
	return s.listeners[i], nil
}

// token is what a listener sends: its own address, which no other listener has.
func token(at sweep.Offset, port uint16) string {
	return fmt.Sprintf("I am %s\n", netip.AddrPortFrom(at.Addr(), port))
}

func (s *listenerSet) Accept(at sweep.Offset, wait time.Duration) (a Accepted, err error) {
	s.spare.release()
	l, err := s.find(at)
	if err != nil {
		return a, err
	}
	if a.Listener, err = l.Name(); err != nil {
		return a, err
	}
	c, _, err := l.Accept(wait)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if a.Local, err = c.Name(); err != nil {
		return a, err
	}
	if a.Peer, err = c.PeerName(); err != nil {
		return a, err
	}
	return a, c.Send([]byte(token(at, l.port)))
}

func (s *listenerSet) Close(at sweep.Offset) error {
	l, err := s.find(at)
	if err != nil {
		return err
	}
	return l.Close()
}

// Memory takes a descriptor where the kernel has it in a file, which a full process has to make
// room for.
func (s *listenerSet) Memory() (int64, error) {
	s.spare.release()
	return ownMemory(), nil
}

func (s *listenerSet) End() error {
	s.spare.release()
	if s.unbound != nil {
		_ = s.unbound.Close()
	}
	for _, l := range s.listeners {
		_ = l.Close() // those that were closed give an error
	}
	return nil
}

// spares are sockets that keep descriptors for when there are no others left.
type spares []sock.Socket

// take opens as many as can be had; the error of a later call says what is lacking.
func (s *spares) take(stack sock.Stack, n int) {
	for len(*s) < n {
		one, err := stack.Socket(sock.Inet, sock.TCP)
		if err != nil {
			return
		}
		*s = append(*s, one)
	}
}

func (s *spares) release() {
	for _, one := range *s {
		_ = one.Close()
	}
	*s = nil
}
