package main

import (
	"net/netip"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/link/channel"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var (
	peerless = netip.MustParseAddr("192.0.2.50")
	one      = netip.MustParseAddr("127.0.0.1")
	two      = netip.MustParseAddr("127.0.0.2")
)

func made(t *testing.T, own ...netip.Addr) (sock.Stack, *channel.Endpoint) {
	t.Helper()
	s, cable, err := wireguards(own)
	must(t, err)
	t.Cleanup(s.Close)
	return netstack{s, named(own)}, cable
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, s sock.Stack, kind sock.Type) sock.Socket {
	t.Helper()
	k, err := s.Socket(sock.Inet, kind)
	must(t, err)
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// left returns what was sent to the peer, empty if nothing was.
func left(cable *channel.Endpoint) string {
	p := cable.Read()
	if p == nil {
		return ""
	}
	defer p.DecRef()
	return described(p.ToView().AsSlice())
}

// TestLeaves sends a datagram to loopback, and reads on the cable what leaves.
func TestLeaves(t *testing.T) {
	for _, c := range []struct {
		name string
		own  []netip.Addr
		to   netip.Addr
		want string
	}{
		{"127.0.0.1", []netip.Addr{peerless}, one, "to the peer: 192.0.2.50 -> 127.0.0.1, protocol 17"},
		{"127.0.0.2", []netip.Addr{peerless}, two, "to the peer: 192.0.2.50 -> 127.0.0.2, protocol 17"},
		{"127.0.0.1 assigned", []netip.Addr{peerless, one}, one, ""},
		{"127.0.0.2 beside 127.0.0.1", []netip.Addr{peerless, one}, two, "to the peer: 127.0.0.1 -> 127.0.0.2, protocol 17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, cable := made(t, c.own...)
			must(t, opened(t, s, sock.UDP).SendTo([]byte("x"), netip.AddrPortFrom(c.to, 9)))
			if got := left(cable); got != c.want {
				t.Errorf("%q has left, want %q", got, c.want)
			}
		})
	}
}

// TestConnection talks over 127.0.0.1 where the interface has it, and over nothing where it has
// not.
func TestConnection(t *testing.T) {
	s, _ := made(t, peerless, one)
	server := opened(t, s, sock.TCP)
	at := netip.AddrPortFrom(one, 80)
	must(t, server.Bind(at))
	must(t, server.Listen(1))
	client := opened(t, s, sock.TCP)
	must(t, client.Connect(at, sock.Patience))
	accepted, from, err := server.Accept(sock.Patience)
	must(t, err)
	if name, err := client.Name(); err != nil || name != from {
		t.Errorf("accept gives %s, the client is %s, %v", from, name, err)
	}
	must(t, client.Send([]byte("ping")))
	if m, err := accepted.Recv(100, sock.Patience); err != nil || string(m.Data) != "ping" {
		t.Errorf("received %q, %v", m.Data, err)
	}
	must(t, accepted.Close())
	if m, err := client.Recv(1, sock.Patience); err != nil || len(m.Data) != 0 {
		t.Errorf("after close: %q, %v", m.Data, err)
	}
	if err := opened(t, s, sock.TCP).Connect(netip.AddrPortFrom(one, 81), sock.Patience); sock.OutcomeOf(err) != observation.Refused {
		t.Errorf("a closed port gives %v", err)
	}
	if err := opened(t, s, sock.UDP).Bind(at); err != nil {
		t.Errorf("UDP beside TCP gives %v", err)
	}
	if err := opened(t, s, sock.TCP).Bind(at); !sock.IsErrno(err, "EADDRINUSE") {
		t.Errorf("a second bind gives %v", err)
	}
	lone, _ := made(t, peerless)
	if err := opened(t, lone, sock.TCP).Connect(at, 50*time.Millisecond); sock.OutcomeOf(err) != observation.Timeout {
		t.Errorf("without the address it gives %v", err)
	}
}

func TestClosedTwice(t *testing.T) {
	s, _ := made(t, peerless)
	k := opened(t, s, sock.UDP)
	must(t, k.Close())
	if k.Close() == nil {
		t.Error("a second close is no error")
	}
	if _, err := s.Socket(sock.Inet, sock.RawIP); !sock.IsErrno(err, "EPROTONOSUPPORT") {
		t.Errorf("a raw socket gives %v", err)
	}
}
