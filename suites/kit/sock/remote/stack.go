package remote

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Name is that of the other process's stack.
func (p *Process) Name() string { return p.name + ", second process" }

// Socket opens a socket in the other process.
func (p *Process) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	a, err := p.call("socket", request{Call: callSocket, A: int(f), B: int(t)})
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

func (s *socket) call(op string, q request) (response, error) {
	q.Socket = s.number
	return s.p.call(op, q)
}

func (s *socket) Family() sock.Family { return s.family }
func (s *socket) Type() sock.Type     { return s.kind }

func (s *socket) Bind(a netip.AddrPort) error {
	_, err := s.call("bind", request{Call: callBind, Addr: a})
	return err
}

func (s *socket) Listen(backlog int) error {
	_, err := s.call("listen", request{Call: callListen, A: backlog})
	return err
}

func (s *socket) Accept(wait time.Duration) (sock.Socket, netip.AddrPort, error) {
	a, err := s.call("accept", request{Call: callAccept, Wait: wait})
	if err != nil {
		return nil, a.Addr, err
	}
	return &socket{s.p, a.Socket, s.family, s.kind}, a.Addr, nil
}

func (s *socket) Connect(to netip.AddrPort, wait time.Duration) error {
	_, err := s.call("connect", request{Call: callConnect, Addr: to, Wait: wait})
	return err
}

func (s *socket) Send(b []byte) error {
	_, err := s.call("send", request{Call: callSend, Data: b})
	return err
}

func (s *socket) SendTo(b []byte, to netip.AddrPort) error {
	_, err := s.call("sendto", request{Call: callSendTo, Data: b, Addr: to})
	return err
}

func (s *socket) Recv(size int, wait time.Duration) (sock.Message, error) {
	a, err := s.call("recvmsg", request{Call: callRecv, A: size, Wait: wait})
	return a.Message, err
}

func (s *socket) SetOption(o sock.Option, v int) error {
	_, err := s.call("setsockopt", request{Call: callSetOption, A: int(o), B: v})
	return err
}

func (s *socket) Option(o sock.Option) (int, error) {
	a, err := s.call("getsockopt", request{Call: callOption, A: int(o)})
	return a.Value, err
}

func (s *socket) JoinGroup(group netip.Addr, index int) error {
	_, err := s.call("setsockopt", request{Call: callJoinGroup, Addr: netip.AddrPortFrom(group, 0), A: index})
	return err
}

func (s *socket) Name() (netip.AddrPort, error) {
	a, err := s.call("getsockname", request{Call: callName})
	return a.Addr, err
}

func (s *socket) PeerName() (netip.AddrPort, error) {
	a, err := s.call("getpeername", request{Call: callPeerName})
	return a.Addr, err
}

func (s *socket) Close() error {
	_, err := s.call("close", request{Call: callClose})
	return err
}
