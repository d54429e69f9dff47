package fake_test

import (
	"net/netip"
	"testing"

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

// TestSmallBacklog makes sure that no answer hangs on how many connections wait to be accepted (net.core.somaxconn is 1).
func TestSmallBacklog(t *testing.T) {
	m := fake.Linux()
	m.MaxBacklog = 1
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
