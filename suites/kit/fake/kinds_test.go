package fake_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestHealthyMachines pins what each kind of machine is there for.
func TestHealthyMachines(t *testing.T) {
	for name, want := range map[string]map[string]string{
		"linux": {
			"v4.block.bind": "whole-block", "v4.block.delivery.tcp": "whole-block", "v4.block.delivery.icmp": "whole-block",
			"v4.edge.low": "unicast", "v4.edge.high": "broadcast", "v4.broadcast.permission": "needed",
			"v4.unspecified.connect": "127.0.0.1", "v4.udp.maxsize": "65507", "src.select.127.0.0.2": "source=127.0.0.1",
			"bind.wild-specific.reuseaddr": "both-unless-listening", "bind.reuseport": "distributed",
			"bind.priv": "needs-privilege", "bind.v6wild.blocks-v4": "EADDRINUSE", "v6.lla.lo": "only-::1",
			"v6.mapped.v6only": "ENETUNREACH",
		},
		"bsd": {
			"v4.block.bind": "only-127.0.0.1", "v4.block.delivery.tcp": "only-127.0.0.1", "v4.edge.high": "unreachable",
			"v4.closed.refused": "fails-at-once", "v4.udp.maxsize": "9216", "bind.wild-then-specific": "EADDRINUSE",
			"bind.wild-specific.reuseaddr": "allowed", "bind.reuseport": "last-wins", "v6.lla.lo": "link-local",
			"rt.v4.block": "rejects-rest", "rt.v6": "rejects-both", "v6.mapped.v6only": "EINVAL",
		},
		"macos": {
			"v4.block.bind": "only-127.0.0.1", "v4.edge.low": "silent", "v4.closed.refused": "only-127.0.0.1",
			"bind.priv": "wildcard-free", "v4.addr1.delivery": "delivered", "v6.lla.lo": "link-local",
		},
		"windows": {
			"v4.block.bind": "whole-block", "v4.unspecified.connect": "EADDRNOTAVAIL", "v4.closed.latency": "slower", "v4.closed.refused": "refused-late",
			"bind.wild-then-specific": "allowed", "bind.exclusive": "prevents", "bind.priv": "no-privilege-needed",
			"bind.reuseport": "unsupported",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := measure(machines()[name]())
			for id, behaviour := range want {
				if got := found[id]; got.Behaviour != behaviour {
					t.Errorf("%s: %s %q (%s), want %q", id, got.Verdict, got.Behaviour, got.Reason, behaviour)
				}
			}
		})
	}
}

// TestAliasIsItsOwnSource proves that a BSD with 127.0.0.2 on lo0 has it as an address like
// 127.0.0.1.
func TestAliasIsItsOwnSource(t *testing.T) {
	m := fake.BSD()
	m.Alias(netip.MustParseAddr("127.0.0.2"))
	found := measure(m)
	for id, want := range map[string]string{"src.select.127.0.0.2": "source=destination", "udp.wildreply": "source=destination",
		"v4.block.bind": "assigned-only", "bind.sameport.addrs": "separate", "bind.isolation.tcp": "isolated"} {
		if got := found[id]; got.Behaviour != want {
			t.Errorf("%s: %s %q (%s), want %q", id, got.Verdict, got.Behaviour, got.Reason, want)
		}
	}
}

// TestAHeldPortIsNoAnswerAboutPrivilege lets a program of the system hold port 80, whose bind says
// EACCES as HTTP.sys does or EADDRINUSE. Where ports need privilege, that is still the answer.
func TestAHeldPortIsNoAnswerAboutPrivilege(t *testing.T) {
	deny := func(port uint16, errno string) func(*fake.Machine) {
		return func(m *fake.Machine) {
			m.Wrap(fake.Calls{Bind: func(s sock.Socket, a netip.AddrPort) error {
				if a.Port() == port {
					return sock.Errno("bind", errno, 1)
				}
				return s.Bind(a)
			}}.Around)
		}
	}
	below := func(first uint16) func(*fake.Machine) { return func(m *fake.Machine) { m.Privileged = first } }
	for name, c := range map[string]struct {
		machine *fake.Machine
		change  func(*fake.Machine)
		want    string
	}{
		"Windows, EACCES":               {fake.Windows(), deny(80, "EACCES"), "no-privilege-needed"},
		"Windows, EADDRINUSE":           {fake.Windows(), deny(80, "EADDRINUSE"), "no-privilege-needed"},
		"Windows, another port is held": {fake.Windows(), deny(79, "EACCES"), "no-privilege-needed"},
		"Linux, EACCES":                 {fake.Linux(), deny(80, "EACCES"), "needs-privilege"},
		"Linux, EADDRINUSE":             {fake.Linux(), deny(80, "EADDRINUSE"), "needs-privilege"},
		"macOS, EADDRINUSE":             {fake.MacOS(), deny(80, "EADDRINUSE"), "wildcard-free"},
		"privilege from 81 on":          {fake.Linux(), below(81), "needs-privilege"},
	} {
		c.change(c.machine)
		for _, e := range measured() {
			if e.ID != "bind.priv" {
				continue
			}
			if f := claim.Measure(t.Context(), e, c.machine.Host(seed)).Finding; f.Behaviour != c.want {
				t.Errorf("%s: %s %q (%s), want %q", name, f.Verdict, f.Behaviour, f.Reason, c.want)
			}
		}
	}
}

// TestNumbers proves that errors carry the portable name and the number of the system.
func TestNumbers(t *testing.T) {
	for name, want := range map[string]int{"linux": 99, "bsd": 49, "macos": 49, "windows": 10049} {
		s, err := machines()[name]().Bare().Socket(sock.Inet, sock.TCP)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Bind(to("198.51.100.1", 0))
		if e, is := err.(*sock.Error); !is || e.Errno != "EADDRNOTAVAIL" || e.Number != want { //nolint:errorlint // a Stack returns *Error itself
			t.Errorf("%s: %v, want EADDRNOTAVAIL (%d)", name, err, want)
		}
	}
}

// TestSilenceTakesNoTime proves that what hangs costs time on the machine's clock and none here.
func TestSilenceTakesNoTime(t *testing.T) {
	m := fake.MacOS()
	s, err := m.Bare().Socket(sock.Inet, sock.TCP)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	err = s.Connect(to("127.0.0.2", 80), time.Hour)
	if sock.OutcomeOf(err) != "timeout" || m.Waited() != time.Hour || time.Since(begun) > time.Minute {
		t.Errorf("%v after %s of the machine's time", err, m.Waited())
	}
}

// TestProcessesEnd proves that the sockets of a process are closed with it.
func TestProcessesEnd(t *testing.T) {
	h := fake.Linux().Host(seed)
	second, end, err := h.Second()
	if err != nil {
		t.Fatal(err)
	}
	bind := func(stack sock.Stack) error {
		s, err := stack.Socket(sock.Inet, sock.TCP)
		if err != nil {
			return err
		}
		return s.Bind(to("127.0.0.1", 8080))
	}
	if err := bind(second); err != nil {
		t.Fatal(err)
	}
	if err := bind(h.Stack); !sock.IsErrno(err, "EADDRINUSE") {
		t.Errorf("the port of another process: %v", err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if err := bind(h.Stack); err != nil {
		t.Errorf("the port of a process that has ended: %v", err)
	}
}

// TestWindowsConflicts is the table of "Sharing Transport Addresses" in the Windows driver
// documentation: rows are the second bind, columns the first, each with no option, SO_REUSEADDR and
// SO_EXCLUSIVEADDRUSE, wildcard before specific. Its CHECK, which asks whether both belong to one
// user, is a success here.
func TestWindowsConflicts(t *testing.T) {
	const ok, inUse, denied = "", "EADDRINUSE", "EACCES"
	table := [][]string{
		{inUse, ok, inUse, ok, inUse, ok},
		{ok, inUse, ok, denied, denied, inUse},
		{denied, ok, ok, ok, denied, ok},
		{ok, denied, ok, ok, denied, denied},
		{inUse, inUse, inUse, inUse, inUse, inUse},
		{ok, inUse, ok, inUse, denied, inUse},
	}
	kind := func(n int) fake.Holder {
		addresses := []string{"0.0.0.0", "127.0.0.1"}
		return fake.Holder{Addr: netip.MustParseAddr(addresses[n%2]), Reuse: n/2 == 1, Exclusive: n/2 == 2}
	}
	rule := fake.Windows().Conflict
	for second, row := range table {
		for first, want := range row {
			if got := rule(kind(second), kind(first), false); string(got) != want {
				t.Errorf("%+v beside %+v: %q, want %q", kind(second), kind(first), got, want)
			}
		}
	}
}

// TestScriptsEndOnEveryMachine plays what is compared with the kernel on the others, too: they may
// differ, and may not panic.
func TestScriptsEndOnEveryMachine(t *testing.T) {
	for name, make := range machines() {
		for _, script := range scripts() {
			m := make()
			if play(t, sock.Guard(m.Bare(), m.Network.Lo(), nil), nil, script) == "" {
				t.Errorf("%s: a script without a call", name)
			}
		}
	}
}
