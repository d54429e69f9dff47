package probe_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// end is the kit's end of a cable to a host in memory.
type end struct{ leaving chan []byte }

func (e end) Read(b []byte) (int, error) {
	f, open := <-e.leaving
	if !open {
		return 0, net.ErrClosed
	}
	return copy(b, f), nil
}

func (e end) Write(b []byte) (int, error) { return len(b), nil }

func (e end) Close() error {
	close(e.leaving)
	return nil
}

// sender is a stack whose datagrams go to the cable; errs are what it answers by the destination
// instead, and what is in lost is accepted and does not leave.
type sender struct {
	cable *wire.Cable
	end   end
	errs  map[netip.Addr]string
	lost  map[netip.Addr]bool
}

func (s sender) Name() string { return "sender" }

func (s sender) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	return socket{stack: s, family: f, kind: t}, nil
}

type socket struct {
	sock.Socket // whatever else is called is a nil dereference, which fails the test
	stack       sender
	family      sock.Family
	kind        sock.Type
}

func (s socket) Family() sock.Family              { return s.family }
func (s socket) Type() sock.Type                  { return s.kind }
func (s socket) Close() error                     { return nil }
func (s socket) SetOption(sock.Option, int) error { return nil }
func (s socket) Bind(netip.AddrPort) error        { return nil }

func (s socket) SendTo(b []byte, to netip.AddrPort) error {
	if errno := s.stack.errs[to.Addr()]; errno != "" {
		return sock.Errno("sendto", errno, 0)
	}
	if s.stack.lost[to.Addr()] {
		return nil
	}
	from := s.stack.cable.Host.IPv4
	if to.Addr().Is6() {
		from = s.stack.cable.Host.IPv6
	}
	s.stack.end.leaving <- s.stack.cable.UDP(wire.Packet{Source: netip.AddrPortFrom(from, 40000), Destination: to, Payload: b})
	return nil
}

// broken is what a failed precondition throws.
type broken string

// cabled is a host in memory with a cable.
func cabled(t *testing.T) (*host.Host, *wire.Cable, sender) {
	t.Helper()
	a := netip.MustParseAddr
	e := end{make(chan []byte, 100)}
	c := wire.Plug(&wire.Cable{Host: wire.Station{MAC: make(net.HardwareAddr, 6), IPv4: a("198.51.100.1"), IPv6: a("fd4c:4d58::1")},
		Peer: wire.Station{MAC: make(net.HardwareAddr, 6), IPv4: a("198.51.100.2"), IPv6: a("fd4c:4d58::2")}}, e)
	t.Cleanup(func() { _ = c.Close() })
	s := sender{c, e, map[netip.Addr]string{}, map[netip.Addr]bool{}}
	h := &host.Host{Gomega: gomega.NewGomega(func(message string, _ ...int) { panic(broken(message)) }), Stack: s,
		Wait: 20 * time.Millisecond, Started: time.Now()}
	return h, c, s
}

// precondition is the failed precondition that a function throws; empty if it returns.
func precondition(f func()) (why string) {
	defer func() {
		if b, is := recover().(broken); is {
			why = string(b)
		}
	}()
	f()
	return ""
}

func TestMarkOut(t *testing.T) {
	four, six := netip.MustParseAddr("198.51.100.2"), netip.MustParseAddr("fd4c:4d58::2")
	for name, r := range map[string]struct {
		errs   map[netip.Addr]string
		lost   netip.Addr
		breaks string
		left   []string
	}{
		"both families":         {left: []string{"udp 198.51.100.1 > 198.51.100.2", "udp fd4c:4d58::1 > fd4c:4d58::2"}},
		"no IPv4 on the cable":  {errs: map[netip.Addr]string{four: "ENETUNREACH"}, left: []string{"udp fd4c:4d58::1 > fd4c:4d58::2"}},
		"no IPv6":               {errs: map[netip.Addr]string{six: "EADDRNOTAVAIL"}, left: []string{"udp 198.51.100.1 > 198.51.100.2"}},
		"neither":               {errs: map[netip.Addr]string{four: "ENETUNREACH", six: "ENETUNREACH"}, breaks: "no outgoing marker can be sent"},
		"IPv6 does not leave":   {lost: six, breaks: "an outgoing marker did not leave"},
		"IPv4 does not, either": {lost: four, breaks: "an outgoing marker did not leave"},
	} {
		t.Run(name, func(t *testing.T) {
			h, c, s := cabled(t)
			for to, errno := range r.errs {
				s.errs[to] = errno
			}
			s.lost[r.lost] = true
			why := precondition(func() { probe.MarkOut(h, c) })
			if (r.breaks == "") != (why == "") || !strings.Contains(why, r.breaks) {
				t.Fatalf("breaks off: %q, want %q", why, r.breaks)
			}
			if r.breaks != "" {
				return
			}
			var left []string
			for _, f := range c.After(0) {
				left = append(left, f.Read().Line())
			}
			if fmt.Sprint(left) != fmt.Sprint(r.left) {
				t.Errorf("%q, want %q", left, r.left)
			}
		})
	}
}

// TestEmitTellsWhoseFramesTheyAre sends two datagrams, of which one leaves, while others cross the
// cable.
func TestEmitTellsWhoseFramesTheyAre(t *testing.T) {
	h, c, s := cabled(t)
	a := netip.MustParseAddr
	stays, leaves, refused := a("127.0.0.1"), a("127.0.0.2"), a("127.0.0.3")
	s.lost[stays], s.errs[refused] = true, "EINVAL"
	s.end.leaving <- c.UDP(wire.Packet{Source: netip.AddrPortFrom(leaves, 1), Destination: netip.AddrPortFrom(stays, 7), Payload: []byte("a stranger's")})
	seen := probe.Emit(h, c, []probe.Emission{{Proto: "udp", To: stays}, {Proto: "udp", To: leaves}, {Proto: "udp", To: refused}})
	want := []struct {
		op      string
		outcome observation.Outcome
		target  netip.Addr
		value   string
	}{
		{"send", observation.OK, stays, ""}, {"wire", observation.Nothing, stays, ""},
		{"send", observation.OK, leaves, ""}, {"wire", observation.OK, leaves, "udp"},
		{"send", observation.Invalid, refused, ""}, {"wire", observation.Nothing, refused, ""},
	}
	if len(seen) != len(want) {
		t.Fatalf("%+v", seen)
	}
	for i, w := range want {
		if o := seen[i]; o.Op != w.op || o.Outcome != w.outcome || o.Targets[0] != w.target.String() || o.Value != w.value {
			t.Errorf("%d: %+v", i, o)
		}
	}
}
