package remote

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Name is that of the other process's stack.
func (p *Process) Name() string { return p.greeting.Name + ", second process" }

// Socket opens a socket in the other process.
func (p *Process) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	a, err := p.call(request{Call: "socket", Family: f.String(), Type: t.String()})
	if err != nil {
		return nil, err
	}
	return &socket{p, a.Socket, f, t}, nil
}

// socket is a socket in the other process.
type socket struct {
	p      *Process
	number int
	family sock.Family
	kind   sock.Type
}

func (s *socket) call(q request) (response, error) {
	q.Socket = s.number
	return s.p.call(q)
}

func (s *socket) Family() sock.Family { return s.family }
func (s *socket) Type() sock.Type     { return s.kind }

func (s *socket) Bind(a netip.AddrPort) error {
	_, err := s.call(request{Call: "bind", Address: a})
	return err
}

func (s *socket) Listen(backlog int) error {
	_, err := s.call(request{Call: "listen", Backlog: backlog})
	return err
}

func (s *socket) Accept(wait time.Duration) (sock.Socket, netip.AddrPort, error) {
	a, err := s.call(request{Call: "accept", Wait: milliseconds(wait)})
	if err != nil {
		return nil, a.Address, err
	}
	return &socket{s.p, a.Socket, s.family, s.kind}, a.Address, nil
}

func (s *socket) Connect(to netip.AddrPort, wait time.Duration) error {
	_, err := s.call(request{Call: "connect", Address: to, Wait: milliseconds(wait)})
	return err
}

func (s *socket) Send(b []byte) error {
	_, err := s.call(request{Call: "send", Data: b})
	return err
}

func (s *socket) SendTo(b []byte, to netip.AddrPort) error {
	_, err := s.call(request{Call: "sendto", Data: b, Address: to})
	return err
}

func (s *socket) Recv(size int, wait time.Duration) (sock.Message, error) {
	a, err := s.call(request{Call: "recvmsg", Size: size, Wait: milliseconds(wait)})
	if err != nil {
		return sock.Message{}, err
	}
	return a.message(), nil
}

func (s *socket) SetOption(o sock.Option, v int) error {
	_, err := s.call(request{Call: "setsockopt", Option: o.String(), Value: v})
	if err == nil && s.p.readBack {
		return sock.ReadBack(s, o, v)
	}
	return err
}

func (s *socket) Option(o sock.Option) (int, error) {
	a, err := s.call(request{Call: "getsockopt", Option: o.String()})
	return a.Value, err
}

func (s *socket) JoinGroup(group netip.Addr, index int) error {
	_, err := s.call(request{Call: "setsockopt", Option: joinGroup, Group: group, Interface: index})
	return err
}

func (s *socket) Name() (netip.AddrPort, error) {
	a, err := s.call(request{Call: "getsockname"})
	return a.Address, err
}

func (s *socket) PeerName() (netip.AddrPort, error) {
	a, err := s.call(request{Call: "getpeername"})
	return a.Address, err
}

func (s *socket) Close() error {
	_, err := s.call(request{Call: "close"})
	return err
}
