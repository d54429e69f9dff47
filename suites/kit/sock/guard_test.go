package sock_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

const loIndex = 1

// guardCase is an address and what the guard lets through to it. The port does not matter.
type guardCase struct {
	address string
	dial    bool // connect on a socket that sends: TCP, ICMP
	fix     bool // connect on a UDP socket
	send    bool // sendto, and send on a connected UDP socket
}

var guardCases = []guardCase{
	{"127.0.0.1", true, true, true},
	{"127.0.0.0", true, true, true},
	{"127.255.255.255", true, true, true},
	{"0.0.0.0", true, true, true},
	{"::1", true, true, true},
	{"::1%1", true, true, true},
	{"::1%2", true, true, true}, // v6.scope: the zone is ignored or refused, the address is loopback all the same
	{"::", true, true, true},
	{"::ffff:127.0.0.2", true, true, true},
	{"::ffff:0.0.0.0", true, true, true},
	{"fe80::1%1", true, true, true},
	{"126.255.255.255", false, true, false},
	{"128.0.0.0", false, true, false},
	{"0.0.0.1", false, true, false},
	{"169.254.0.1", false, true, false},
	{"192.0.2.1", false, true, false},
	{"255.255.255.255", false, true, false},
	{"::2", false, true, false},
	{"::127.0.0.1", false, true, false},
	{"::ffff:192.0.2.1", false, true, false},
	{"::ffff:169.254.0.1%1", false, true, false}, // sent by IPv4, which knows no zones
	{"fe80::1", false, true, false},
	{"fe80::1%2", false, true, false},
	{"fe80::1%lo", false, true, false},
	{"2001:db8::1", false, true, false},
	{"2001:db8::1%1", false, true, false}, // systems ignore the zone of a global address
	{"224.0.0.1", false, false, false},
	{"ff02::1", false, false, false},
	{"ff02::1%1", false, false, false},
	{"::ffff:224.0.0.1", false, false, false},
}

func guarded(t *testing.T, d *double, a netip.Addr, kind sock.Type, lo int) sock.Socket {
	t.Helper()
	s, err := sock.Guard(d, lo, nil).Socket(sock.FamilyOf(a), kind)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// expect checks that a call came through exactly if it may, and that a refusal says so.
func (c guardCase) expect(t *testing.T, d *double, what string, err error, may bool, reached int) {
	t.Helper()
	g := gomega.NewWithT(t)
	if may {
		g.Expect(err).NotTo(gomega.HaveOccurred(), "%s to %s", what, c.address)
		g.Expect(d.calls).To(gomega.HaveLen(reached), "%s to %s", what, c.address)
		return
	}
	g.Expect(errors.Is(err, sock.ErrGuard)).To(gomega.BeTrue(), "%s to %s: %v", what, c.address, err)
	g.Expect(d.calls).To(gomega.HaveLen(reached-1), "%s to %s", what, c.address)
}

func TestGuard(t *testing.T) {
	for _, c := range guardCases {
		t.Run(c.address, func(t *testing.T) {
			a := netip.MustParseAddr(c.address)
			to := netip.AddrPortFrom(a, 9)
			for _, kind := range []sock.Type{sock.TCP, sock.Ping, sock.RawICMP} {
				d := &double{}
				c.expect(t, d, "connect "+kind.String(), guarded(t, d, a, kind, loIndex).Connect(to, 0), c.dial, 1)
			}
			for _, kind := range []sock.Type{sock.UDP, sock.Ping, sock.RawICMP, sock.TCP} {
				d := &double{}
				c.expect(t, d, "sendto "+kind.String(), guarded(t, d, a, kind, loIndex).SendTo(nil, to), c.send, 1)
			}
			d := &double{}
			s := guarded(t, d, a, sock.UDP, loIndex)
			c.expect(t, d, "UDP connect", s.Connect(to, 0), c.fix, 1)
			if c.fix {
				c.expect(t, d, "UDP send", s.Send(nil), c.send, 2)
			}
			if bind := s.Bind(to); bind != nil {
				t.Errorf("bind %s: %v", a, bind)
			}
		})
	}
}

func TestGuardWithoutLoTrustsNoZoneAndNoMulticast(t *testing.T) {
	for _, address := range []string{"fe80::1%0", "fe80::1%1", "ff02::1", "224.0.0.1"} {
		a := netip.MustParseAddr(address)
		d := &double{}
		s := guarded(t, d, a, sock.UDP, 0)
		_ = s.SetOption(sock.MulticastIf, 0)
		_ = s.SetOption(sock.MulticastTTL, 0)
		if err := s.SendTo(nil, netip.AddrPortFrom(a, 9)); !errors.Is(err, sock.ErrGuard) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestGuardMulticast(t *testing.T) {
	set := func(o sock.Option, v int) func(sock.Socket) { return func(s sock.Socket) { _ = s.SetOption(o, v) } }
	onLo, ttl0 := set(sock.MulticastIf, loIndex), set(sock.MulticastTTL, 0)
	for _, c := range []struct {
		name    string
		to      string
		options []func(sock.Socket)
		allowed bool
	}{
		{"lo and TTL 0", "224.0.0.251", []func(sock.Socket){onLo, ttl0}, true},
		{"lo and hop limit 0", "ff02::1", []func(sock.Socket){ttl0, onLo}, true},
		{"zone of lo", "ff02::1%1", []func(sock.Socket){onLo, ttl0}, true},
		{"zone of another interface", "ff02::1%2", []func(sock.Socket){onLo, ttl0}, false},
		{"mapped", "::ffff:224.0.0.1", []func(sock.Socket){onLo, ttl0}, false},
		{"only lo", "224.0.0.251", []func(sock.Socket){onLo}, false},
		{"only TTL 0", "224.0.0.251", []func(sock.Socket){ttl0}, false},
		{"unicast TTL", "224.0.0.251", []func(sock.Socket){onLo, set(sock.TTL, 0)}, false},
		{"TTL 1", "224.0.0.251", []func(sock.Socket){onLo, set(sock.MulticastTTL, 1)}, false},
		{"TTL raised again", "224.0.0.251", []func(sock.Socket){onLo, ttl0, set(sock.MulticastTTL, 1)}, false},
		{"another interface", "224.0.0.251", []func(sock.Socket){set(sock.MulticastIf, 2), ttl0}, false},
		{"interface changed", "224.0.0.251", []func(sock.Socket){onLo, ttl0, set(sock.MulticastIf, 2)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := netip.MustParseAddr(c.to)
			s := guarded(t, &double{}, a, sock.UDP, loIndex)
			for _, set := range c.options {
				set(s)
			}
			to := netip.AddrPortFrom(a, 9)
			for what, err := range map[string]error{"sendto": s.SendTo(nil, to), "connect": s.Connect(to, 0)} {
				if refused := errors.Is(err, sock.ErrGuard); refused == c.allowed {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func TestGuardTies(t *testing.T) {
	for _, c := range []struct {
		option  sock.Option
		index   int
		allowed bool
	}{
		{sock.BindDevice, loIndex, true}, {sock.BindDevice, 0, true}, {sock.BindDevice, 2, false},
		{sock.BindIndex, loIndex, true}, {sock.BindIndex, 2, false},
		{sock.UnicastIf, loIndex, true}, {sock.UnicastIf, 2, false},
		{sock.BoundIf, loIndex, true}, {sock.BoundIf, 2, false},
		{sock.SendVia, loIndex, true}, {sock.SendVia, 2, false},
		{sock.HeaderIncluded, 1, false}, {sock.DontRoute, 1, true}, {sock.Broadcast, 1, true},
	} {
		d := &double{}
		err := guarded(t, d, netip.MustParseAddr("127.0.0.1"), sock.UDP, loIndex).SetOption(c.option, c.index)
		if refused := errors.Is(err, sock.ErrGuard); refused == c.allowed || (len(d.calls) == 1) != c.allowed {
			t.Errorf("%s = %d: %v, calls %v", c.option, c.index, err, d.calls)
		}
	}
	if _, err := sock.Guard(&double{}, loIndex, nil).Socket(sock.Inet, sock.RawIP); !errors.Is(err, sock.ErrGuard) {
		t.Errorf("a socket for packets with their own header: %v", err)
	}
}

func TestGuardForgetsOptionsThatFailed(t *testing.T) {
	d := &double{}
	a := netip.MustParseAddr("224.0.0.1")
	s := guarded(t, d, a, sock.UDP, loIndex)
	d.failing = sock.Errno("setsockopt", "EINVAL", 22)
	_ = s.SetOption(sock.MulticastIf, loIndex)
	_ = s.SetOption(sock.MulticastTTL, 0)
	d.failing = nil
	if err := s.SendTo(nil, netip.AddrPortFrom(a, 9)); !errors.Is(err, sock.ErrGuard) {
		t.Errorf("sendto with options that could not be set: %v", err)
	}
}

func TestGuardSendNeedsAPeer(t *testing.T) {
	d := &double{connect: sock.Errno("connect", "ENETUNREACH", 101)}
	one := netip.MustParseAddrPort("127.0.0.1:9")
	s := guarded(t, d, one.Addr(), sock.UDP, loIndex)
	if err := s.Send(nil); !errors.Is(err, sock.ErrGuard) {
		t.Errorf("send before connect: %v", err)
	}
	_ = s.Connect(one, 0)
	if err := s.Send(nil); !errors.Is(err, sock.ErrGuard) {
		t.Errorf("send after a connect that failed: %v", err)
	}
}

func TestGuardFollowsAccept(t *testing.T) {
	g := gomega.NewWithT(t)
	d := &double{}
	server := guarded(t, d, netip.MustParseAddr("127.0.0.1"), sock.TCP, loIndex)
	c, from, err := server.Accept(0)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(from).To(gomega.Equal(doublePeer))
	g.Expect(c.Send(nil)).To(gomega.Succeed())
	g.Expect(c.Connect(netip.MustParseAddrPort("192.0.2.1:9"), 0)).To(gomega.MatchError(sock.ErrGuard))
	d.accepts = sock.TimedOut("accept")
	_, _, err = server.Accept(0)
	g.Expect(err).To(gomega.MatchError(d.accepts))
}

func TestGuardPassesSocketErrors(t *testing.T) {
	want := sock.Errno("socket", "EMFILE", 24)
	if _, err := sock.Guard(&double{failing: want}, loIndex, nil).Socket(sock.Inet, sock.TCP); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

func TestIsLoopback(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.0": true, "127.255.255.255": true, "::1": true, "::1%7": true,
		"::ffff:127.1.2.3": true, "126.255.255.255": false, "128.0.0.0": false, "::": false, "0.0.0.0": false,
		"::2": false, "::127.0.0.1": false, "2002:7f00:1::": false} {
		if got := sock.IsLoopback(netip.MustParseAddr(address)); got != want {
			t.Errorf("IsLoopback(%s) = %v", address, got)
		}
	}
}

// TestGuardKeepsLoopbackInside has a host that routes one loopback address off itself: no packet to
// it is sent, and all other calls are made.
func TestGuardKeepsLoopbackInside(t *testing.T) {
	away, here := netip.MustParseAddrPort("127.0.0.53:9"), netip.MustParseAddrPort("127.0.0.2:9")
	from := netip.MustParseAddrPort("127.0.0.9:7")
	var asked []sock.Packet
	leads := func(p sock.Packet) string {
		asked = append(asked, p)
		if p.To.Addr() == away.Addr() {
			return "by eth0 to 192.0.2.1"
		}
		return ""
	}
	open := func(kind sock.Type) (*double, sock.Socket) {
		d := &double{}
		s, err := sock.Guard(d, loIndex, leads).Socket(sock.Inet, kind)
		if err != nil {
			t.Fatal(err)
		}
		return d, s
	}
	stopped := func(d *double, err error) {
		t.Helper()
		var e *sock.Error
		if !errors.As(err, &e) || e.Outcome != observation.WouldLeave || !errors.Is(err, sock.ErrGuard) || !strings.Contains(err.Error(), "127.0.0.53 would leave by eth0 to 192.0.2.1") {
			t.Errorf("it says %v", err)
		}
		for _, c := range d.calls {
			if strings.Contains(c, "127.0.0.53") && !strings.HasPrefix(c, "connect") {
				t.Errorf("it was sent: %v", d.calls)
			}
		}
	}
	d, s := open(sock.UDP)
	if err := s.Bind(from); err != nil {
		t.Error(err)
	}
	stopped(d, s.SendTo(nil, away))
	if got := asked[len(asked)-1]; got != (sock.Packet{Type: sock.UDP, From: from, To: away}) {
		t.Errorf("the kernel was asked for %+v", got)
	}
	if err := s.SendTo(nil, here); err != nil {
		t.Error(err)
	}
	if err := s.Connect(away, 0); err != nil { // sends nothing
		t.Error(err)
	}
	stopped(d, s.Send(nil))
	for _, kind := range []sock.Type{sock.TCP, sock.Ping} {
		d, s := open(kind)
		stopped(d, s.Connect(away, 0))
		if err := s.Connect(here, 0); err != nil {
			t.Error(err)
		}
	}
}
