package sock_test

import (
	"cmp"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// double is a stack whose sockets do nothing and note what reached them. Its answers can be set.
type double struct {
	calls   []string
	waits   []time.Duration // of every connect
	connect error
	accepts error
	bind    error
	failing error // of every other call
}

func (*double) Name() string { return "double" }

func (d *double) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	if d.failing != nil {
		return nil, d.failing
	}
	return &doubleSocket{d, f, t}, nil
}

type doubleSocket struct {
	d *double
	f sock.Family
	t sock.Type
}

func (s *doubleSocket) note(call string) error {
	s.d.calls = append(s.d.calls, call)
	return s.d.failing
}

var doublePeer = netip.MustParseAddrPort("127.0.0.1:4711")

func (s *doubleSocket) Family() sock.Family       { return s.f }
func (s *doubleSocket) Type() sock.Type           { return s.t }
func (s *doubleSocket) Bind(netip.AddrPort) error { return cmp.Or(s.note("bind"), s.d.bind) }
func (s *doubleSocket) Listen(int) error          { return s.note("listen") }

func (s *doubleSocket) Accept(time.Duration) (sock.Socket, netip.AddrPort, error) {
	if s.d.accepts != nil {
		return nil, netip.AddrPort{}, s.d.accepts
	}
	return &doubleSocket{s.d, s.f, s.t}, doublePeer, nil
}

func (s *doubleSocket) Connect(_ netip.AddrPort, wait time.Duration) error {
	s.d.calls, s.d.waits = append(s.d.calls, "connect"), append(s.d.waits, wait)
	return s.d.connect
}

func (s *doubleSocket) Send([]byte) error                   { return s.note("send") }
func (s *doubleSocket) SendTo([]byte, netip.AddrPort) error { return s.note("sendto") }

func (s *doubleSocket) Recv(int, time.Duration) (sock.Message, error) {
	return sock.Message{Data: []byte("nonce"), From: doublePeer, To: doublePeer.Addr(), Index: 1, TTL: 64}, s.note("recvmsg")
}

func (s *doubleSocket) SetOption(sock.Option, int) error  { return s.note("setsockopt") }
func (s *doubleSocket) Option(sock.Option) (int, error)   { return 7, s.note("getsockopt") }
func (s *doubleSocket) JoinGroup(netip.Addr, int) error   { return s.note("join") }
func (s *doubleSocket) Name() (netip.AddrPort, error)     { return doublePeer, s.note("getsockname") }
func (s *doubleSocket) PeerName() (netip.AddrPort, error) { return doublePeer, s.note("getpeername") }
func (s *doubleSocket) Close() error                      { return s.note("close") }
