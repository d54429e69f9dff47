package sock_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// dialAll connects a new socket to every address, with full patience, and gives the waits that
// reached the stack.
func dialAll(t *testing.T, stack sock.Stack, d *double, kind sock.Type, addresses ...string) []time.Duration {
	t.Helper()
	d.waits = nil
	for _, a := range addresses {
		to := netip.MustParseAddrPort(a)
		s, err := stack.Socket(sock.FamilyOf(to.Addr()), kind)
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Connect(to, sock.Patience)
	}
	return d.waits
}

func TestPatientWaitsInFullOnce(t *testing.T) {
	d := &double{connect: sock.TimedOut("connect")}
	stack := sock.Patient(d, nil)
	waits := dialAll(t, stack, d, sock.TCP, "127.0.0.2:1", "127.0.0.2:2", "127.0.0.3:1")
	if want := []time.Duration{sock.Patience, sock.Impatience, sock.Patience}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v: an address costs its deadline once, whatever the port", waits, want)
	}
	waits = dialAll(t, stack, d, sock.UDP, "127.0.0.2:1")
	if want := []time.Duration{sock.Patience}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v: silence of one socket type says nothing about another", waits, want)
	}
}

func TestPatientKnowsMappedAddresses(t *testing.T) {
	d := &double{connect: sock.TimedOut("connect")}
	waits := dialAll(t, sock.Patient(d, nil), d, sock.TCP, "127.0.0.2:1", "[::ffff:127.0.0.2]:1")
	if want := []time.Duration{sock.Patience, sock.Impatience}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v: a mapped address is the same address", waits, want)
	}
}

func TestPatientLearnsFromACrowd(t *testing.T) {
	const crowd = 32
	var many []string
	for n := range crowd {
		many = append(many, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 1, byte(n)}), 1).String())
	}
	for _, c := range []struct {
		name  string
		first []string
		kind  sock.Type
		next  string
		want  time.Duration
	}{
		{"one short of a crowd", many[1:], sock.TCP, "127.9.9.9:1", sock.Patience},
		{"the same ones again", append(many[1:], many[1]), sock.TCP, "127.9.9.9:1", sock.Patience},
		{"a crowd", many, sock.TCP, "127.9.9.9:1", sock.Impatience},
		{"another family", many, sock.TCP, "[::1]:1", sock.Patience},
		{"another type", many, sock.Ping, "127.9.9.9:1", sock.Patience},
	} {
		d := &double{connect: sock.TimedOut("connect")}
		stack := sock.Patient(d, nil)
		dialAll(t, stack, d, sock.TCP, c.first...)
		if waits := dialAll(t, stack, d, c.kind, c.next); !slices.Equal(waits, []time.Duration{c.want}) {
			t.Errorf("%s: waits %v, want %v", c.name, waits, c.want)
		}
	}
}

func TestPatientForgetsNoAnswers(t *testing.T) {
	for name, result := range map[string]error{"ok": nil, "refused": sock.Errno("connect", "ECONNREFUSED", 111)} {
		d := &double{connect: result}
		waits := dialAll(t, sock.Patient(d, nil), d, sock.TCP, "127.0.0.2:1", "127.0.0.2:1")
		if want := []time.Duration{sock.Patience, sock.Patience}; !slices.Equal(waits, want) {
			t.Errorf("%s: waits %v, want %v", name, waits, want)
		}
	}
}

func TestPatientNeverLengthens(t *testing.T) {
	d := &double{connect: sock.TimedOut("connect")}
	s, _ := sock.Patient(d, nil).Socket(sock.Inet, sock.TCP)
	for range 2 {
		_ = s.Connect(doublePeer, time.Millisecond)
	}
	if want := []time.Duration{time.Millisecond, time.Millisecond}; !slices.Equal(d.waits, want) {
		t.Errorf("waits %v, want %v", d.waits, want)
	}
}

// TestPatientWaitsForRefusals gives a connection four times what the slowest refusal took, also to
// an address that was silent: it may have been slow. A wait that was short on purpose stays so.
func TestPatientWaitsForRefusals(t *testing.T) {
	known := &sock.Refusals{}
	d := &double{connect: sock.TimedOut("connect")}
	stack := sock.Patient(d, known)
	if known.Known() {
		t.Error("a refusal is known before there was any")
	}
	known.Took(2 * time.Second)
	known.Took(time.Second)
	waits := dialAll(t, stack, d, sock.TCP, "127.0.0.2:1", "127.0.0.2:1")
	if want := []time.Duration{8 * time.Second, 8 * time.Second}; !known.Known() || !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	s, _ := stack.Socket(sock.Inet, sock.TCP)
	d.waits = nil
	_ = s.Connect(doublePeer, time.Millisecond)
	if want := []time.Duration{time.Millisecond}; !slices.Equal(d.waits, want) {
		t.Errorf("waits %v, want %v", d.waits, want)
	}
}

func TestPatientFollowsAccept(t *testing.T) {
	d := &double{connect: sock.TimedOut("connect")}
	server, _ := sock.Patient(d, nil).Socket(sock.Inet, sock.TCP)
	c, from, err := server.Accept(0)
	if err != nil || from != doublePeer {
		t.Fatalf("accept: %v from %v", err, from)
	}
	for range 2 {
		_ = c.Connect(doublePeer, sock.Patience)
	}
	if want := []time.Duration{sock.Patience, sock.Impatience}; !slices.Equal(d.waits, want) {
		t.Errorf("waits %v, want %v", d.waits, want)
	}
	d.accepts = sock.TimedOut("accept")
	if _, _, err := server.Accept(0); sock.OutcomeOf(err) != sock.OutcomeOf(d.accepts) {
		t.Errorf("accept: %v", err)
	}
	d.failing = sock.Errno("socket", "EMFILE", 24)
	if _, err := sock.Patient(d, nil).Socket(sock.Inet, sock.TCP); !sock.IsErrno(err, "EMFILE") {
		t.Errorf("socket: %v", err)
	}
}

// TestPatientTellsAShortageOfPorts has the errors that mean it, and the same errors where there are
// ports.
func TestPatientTellsAShortageOfPorts(t *testing.T) {
	inUse, unavailable := sock.Errno("bind", "EADDRINUSE", 98), sock.Errno("connect", "EADDRNOTAVAIL", 99)
	to, port := netip.MustParseAddrPort("127.0.0.1:1"), netip.MustParseAddrPort("127.0.0.1:0")
	for name, c := range map[string]struct {
		d    double
		call func(sock.Socket) error
		want observation.Outcome
	}{
		"bind to any port":        {double{bind: inUse}, func(s sock.Socket) error { return s.Bind(port) }, observation.Exhausted},
		"bind to one port":        {double{bind: inUse}, func(s sock.Socket) error { return s.Bind(to) }, observation.InUse},
		"connect without ports":   {double{bind: inUse, connect: unavailable}, func(s sock.Socket) error { return s.Connect(to, sock.Patience) }, observation.Exhausted},
		"connect where there are": {double{connect: unavailable}, func(s sock.Socket) error { return s.Connect(to, sock.Patience) }, observation.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sock.Patient(&c.d, nil).Socket(sock.Inet, sock.TCP)
			if err == nil {
				err = c.call(s)
			}
			if got := sock.OutcomeOf(err); got != c.want {
				t.Errorf("%s, want %s: %v", got, c.want, err)
			}
		})
	}
}
