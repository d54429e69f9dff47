package fake_test

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// twice is a stack on which every datagram and every echo request arrives twice.
type twice struct{ sock.Stack }

func (x twice) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := x.Stack.Socket(f, t)
	if err != nil || t == sock.TCP {
		return s, err
	}
	return sentTwice{s}, nil
}

type sentTwice struct{ sock.Socket }

func (s sentTwice) Send(b []byte) error {
	if err := s.Socket.Send(b); err != nil {
		return err
	}
	return s.Socket.Send(b)
}

func (s sentTwice) SendTo(b []byte, to netip.AddrPort) error {
	if err := s.Socket.SendTo(b, to); err != nil {
		return err
	}
	return s.Socket.SendTo(b, to)
}

// TestTwice makes sure that no answer of a claim hangs on what arrives a second time.
func TestTwice(t *testing.T) {
	for name, make := range machines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := make()
			m.Wrap(func(inner sock.Stack) sock.Stack { return twice{inner} })
			same(t, make(), m)
		})
	}
}

// TestSmallBacklog makes sure that no answer hangs on how many connections wait to be accepted
// (net.core.somaxconn is 1).
func TestSmallBacklog(t *testing.T) {
	m := fake.Linux()
	m.MaxBacklog = 1
	same(t, fake.Linux(), m)
}

// TestNowAndThen makes sure that what fails now and then is told as that, that no address is blamed
// for it, and that it makes no other answer.
func TestNowAndThen(t *testing.T) {
	for name, c := range map[string]struct {
		calls func() fake.Calls
		turns []string
	}{
		"one datagram of 25 is lost": {func() fake.Calls {
			var n atomic.Int64
			return fake.Calls{Recv: func(s sock.Socket, _ *sock.Message) bool { return s.Type() == sock.TCP || n.Add(1)%25 != 7 }}
		}, []string{"v4.block.delivery.udp", "v4.block.delivery.icmp"}},
		"one connection of 40 is refused": {func() fake.Calls {
			var n atomic.Int64
			return fake.Calls{Connect: func(s sock.Socket, to netip.AddrPort, wait time.Duration) error {
				if s.Type() == sock.TCP && n.Add(1)%40 == 7 {
					return sock.Errno("connect", "ECONNREFUSED", 111)
				}
				return s.Connect(to, wait)
			}}
		}, []string{"v4.block.delivery.tcp"}},
		"one bind of 50 is refused": {func() fake.Calls {
			var n atomic.Int64
			return fake.Calls{Bind: func(s sock.Socket, to netip.AddrPort) error {
				if n.Add(1)%50 == 7 {
					return sock.Errno("bind", "EADDRNOTAVAIL", 99)
				}
				return s.Bind(to)
			}}
		}, []string{"v4.block.bind"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := measure(fake.Linux())
			m := fake.Linux()
			m.Wrap(c.calls().Around)
			got := measure(m)
			for _, id := range c.turns {
				if got[id].Behaviour != "intermittent" {
					t.Errorf("%s: %+v", id, got[id])
				}
			}
			for id, f := range got {
				if strings.HasPrefix(id, "v4.block.delivery") && f.Behaviour != "intermittent" && f.Behaviour != want[id].Behaviour {
					t.Errorf("%s: %+v, want %+v", id, f, want[id])
				}
				if f != want[id] {
					t.Logf("%s: %s %s (%s)", id, f.Verdict, f.Behaviour, f.Reason)
				}
			}
		})
	}
}

// late is a stack on which a reply to an echo request comes only to who waits half a second for it.
type late struct{ sock.Stack }

func (x late) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := x.Stack.Socket(f, t)
	if err != nil || t != sock.Ping {
		return s, err
	}
	return &lateReplies{Socket: s}, nil
}

type lateReplies struct {
	sock.Socket
	waited bool
}

func (s *lateReplies) SendTo(b []byte, to netip.AddrPort) error {
	s.waited = false
	return s.Socket.SendTo(b, to)
}

func (s *lateReplies) Recv(size int, wait time.Duration) (sock.Message, error) {
	if s.waited = s.waited || wait >= 500*time.Millisecond; !s.waited {
		return sock.Message{}, sock.TimedOut("recvmsg")
	}
	return s.Socket.Recv(size, wait)
}

// TestLateEchoes makes sure that replies which are slower than datagrams are not lost.
func TestLateEchoes(t *testing.T) {
	m := fake.Linux()
	m.Wrap(func(inner sock.Stack) sock.Stack { return late{inner} })
	same(t, fake.Linux(), m)
}

// same measures two machines, and demands the same answers.
func same(t *testing.T, one, other *fake.Machine) {
	t.Helper()
	want := measure(one)
	for id, got := range measure(other) {
		if got.Verdict != want[id].Verdict || got.Behaviour != want[id].Behaviour {
			t.Errorf("%s: %s %s (%s), want %s %s", id, got.Verdict, got.Behaviour, got.Reason, want[id].Verdict, want[id].Behaviour)
		}
	}
}
