package sock

import (
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// ErrEnded is behind every call on a stack whose scope has ended.
var ErrEnded = errors.New("what opened this socket was given up")

// Scope is the sockets of one measurement.
type Scope struct {
	mu    sync.Mutex
	open  []Socket
	ended bool
}

// Scoped returns a stack that does what inner does, and the scope of the sockets that it opens.
func Scoped(inner Stack) (Stack, *Scope) {
	s := &Scope{}
	return scoped{inner, s}, s
}

// End makes every later call fail that opens something, sends or waits. A call under way goes on to
// its own deadline.
func (s *Scope) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

// Close closes the sockets that are still open.
func (s *Scope) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.open {
		_ = k.Close() // most are closed, which does no harm
	}
	s.open, s.ended = nil, true
}

func (s *Scope) over(op string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return &Error{Op: op, Outcome: observation.Failed, Err: ErrEnded}
	}
	return nil
}

func (s *Scope) keep(k Socket) Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, k)
	return scopedSocket{k, s}
}

type scoped struct {
	Stack
	scope *Scope
}

func (x scoped) Socket(f Family, t Type) (Socket, error) {
	if err := x.scope.over("socket"); err != nil {
		return nil, err
	}
	s, err := x.Stack.Socket(f, t)
	if err != nil {
		return nil, err
	}
	return x.scope.keep(s), nil
}

type scopedSocket struct {
	Socket
	scope *Scope
}

func (s scopedSocket) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	if err := s.scope.over("accept"); err != nil {
		return nil, netip.AddrPort{}, err
	}
	c, from, err := s.Socket.Accept(wait)
	if err != nil {
		return nil, from, err
	}
	return s.scope.keep(c), from, nil
}

func (s scopedSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	if err := s.scope.over("connect"); err != nil {
		return err
	}
	return s.Socket.Connect(to, wait)
}

func (s scopedSocket) SendTo(b []byte, to netip.AddrPort) error {
	if err := s.scope.over("sendto"); err != nil {
		return err
	}
	return s.Socket.SendTo(b, to)
}

func (s scopedSocket) Recv(size int, wait time.Duration) (Message, error) {
	if err := s.scope.over("recvmsg"); err != nil {
		return Message{}, err
	}
	return s.Socket.Recv(size, wait)
}
