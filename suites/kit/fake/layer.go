package fake

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Calls is a layer around a stack in which single calls go wrong. Each field takes the place of one
// call, and is given the socket beneath; what is nil goes through.
type Calls struct {
	Bind    func(sock.Socket, netip.AddrPort) error
	Connect func(sock.Socket, netip.AddrPort, time.Duration) error
	SendTo  func(sock.Socket, []byte, netip.AddrPort) error
	// Recv changes what was received; with false it is lost.
	Recv func(sock.Socket, *sock.Message) bool
	// PeerName is getpeername.
	PeerName func(sock.Socket) (netip.AddrPort, error)
	// From changes the address that accept gives.
	From func(netip.AddrPort) netip.AddrPort
}

// Around puts the layer around a stack; it is for Machine.Wrap.
func (c Calls) Around(inner sock.Stack) sock.Stack { return meddling{inner, c} }

type meddling struct {
	sock.Stack
	calls Calls
}

func (x meddling) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := x.Stack.Socket(f, t)
	if err != nil {
		return nil, err
	}
	return &meddled{s, x.calls}, nil
}

type meddled struct {
	sock.Socket
	calls Calls
}

func (s *meddled) Bind(a netip.AddrPort) error {
	if s.calls.Bind != nil {
		return s.calls.Bind(s.Socket, a)
	}
	return s.Socket.Bind(a)
}

func (s *meddled) Accept(wait time.Duration) (sock.Socket, netip.AddrPort, error) {
	c, from, err := s.Socket.Accept(wait)
	if err != nil {
		return nil, from, err
	}
	if s.calls.From != nil {
		from = s.calls.From(from)
	}
	return &meddled{c, s.calls}, from, nil
}

func (s *meddled) Connect(to netip.AddrPort, wait time.Duration) error {
	if s.calls.Connect != nil {
		return s.calls.Connect(s.Socket, to, wait)
	}
	return s.Socket.Connect(to, wait)
}

func (s *meddled) SendTo(b []byte, to netip.AddrPort) error {
	if s.calls.SendTo != nil {
		return s.calls.SendTo(s.Socket, b, to)
	}
	return s.Socket.SendTo(b, to)
}

func (s *meddled) Recv(size int, wait time.Duration) (sock.Message, error) {
	for {
		m, err := s.Socket.Recv(size, wait)
		if err != nil || s.calls.Recv == nil || s.calls.Recv(s.Socket, &m) {
			return m, err
		}
	}
}

func (s *meddled) PeerName() (netip.AddrPort, error) {
	if s.calls.PeerName != nil {
		return s.calls.PeerName(s.Socket)
	}
	return s.Socket.PeerName()
}
