package sweep

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func TestMain(m *testing.M) {
	child.Main()
	os.Exit(privatehost.Within(m.Run))
}

// swept makes a sweep and lists its ranges as "127.0.0.0-127.0.0.255 ok".
func swept(t *testing.T, p Plan, prefix string) []string {
	t.Helper()
	p.Prefix = netip.MustParsePrefix(prefix)
	f := NewField()
	var done atomic.Int64
	if err := Run(context.Background(), p, f, &done); err != nil {
		t.Fatal(err)
	}
	from, to := offsets(p.Prefix)
	if int(done.Load()) != int(to-from) {
		t.Errorf("%d of %d addresses are done", done.Load(), to-from)
	}
	return told(f.Ranges(p.Prefix))
}

func told(ranges []Range) []string {
	var out []string
	for _, r := range ranges {
		what := string(r.Outcome)
		switch {
		case r.Late:
			what = "late"
		case r.Errno != "":
			what = r.Errno
		}
		out = append(out, fmt.Sprintf("%s-%s %s", r.From(), r.To(), what))
	}
	return out
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

// steady takes what was asked again on a busy machine for what came at once, and joins the ranges.
func steady(ranges []string) []string {
	var out []string
	for _, r := range ranges {
		span, what, _ := strings.Cut(r, " ")
		if what == "late" {
			what = "ok"
		}
		from, to, _ := strings.Cut(span, "-")
		if n := len(out); n > 0 && strings.HasSuffix(out[n-1], " "+what) {
			begin, _, _ := strings.Cut(out[n-1], "-")
			from, out = begin, out[:n-1]
		}
		out = append(out, from+"-"+to+" "+what)
	}
	return out
}

// The fakes are asked call by call, as every system without batched calls.
func TestFakes(t *testing.T) {
	whole := []string{"127.255.254.0-127.255.255.254 ok", "127.255.255.255-127.255.255.255 EACCES"}
	for _, c := range []struct {
		name     string
		stack    *fake.Machine
		protocol Protocol
		prefix   string
		want     []string
	}{
		{"linux-like", fake.Linux(), UDP, "127.255.254.0/23", whole},
		{"linux-like", fake.Linux(), Bind, "127.255.254.0/23", []string{"127.255.254.0-127.255.255.255 ok"}},
		{"linux-like", fake.Linux(), TCP, "127.255.254.0/23", []string{"127.255.254.0-127.255.255.254 ok", "127.255.255.255-127.255.255.255 ENETUNREACH"}},
		{"linux-like", fake.Linux(), ICMP, "127.0.2.0/24", []string{"127.0.2.0-127.0.2.255 ok"}},
		{"bsd-like", fake.BSD(), Bind, "127.0.0.0/24", []string{"127.0.0.0-127.0.0.0 EADDRNOTAVAIL", "127.0.0.1-127.0.0.1 ok", "127.0.0.2-127.0.0.255 EADDRNOTAVAIL"}},
		{"macos-like", fake.MacOS(), UDP, "127.0.0.0/22", []string{"127.0.0.0-127.0.0.0 lost", "127.0.0.1-127.0.0.1 ok", "127.0.0.2-127.0.3.255 lost"}},
		{"macos-like", fake.MacOS(), TCP, "127.0.0.0/24", []string{"127.0.0.0-127.0.0.0 timeout", "127.0.0.1-127.0.0.1 ok", "127.0.0.2-127.0.0.255 timeout"}},
	} {
		t.Run(c.name+" "+string(c.protocol), func(t *testing.T) {
			same(t, swept(t, Plan{Protocol: c.protocol, Stack: c.stack.Host(1).Stack, Workers: 1}, c.prefix), c.want)
		})
	}
}

// TestNothingAnswers: without any marker, nothing may be called lost, and no connection dead.
func TestNothingAnswers(t *testing.T) {
	m := fake.MacOS()
	for _, home := range homes {
		m.Answer(fake.Reach{Of: netip.PrefixFrom(home.Addr(), 32), Bind: "", Connect: fake.Silent, Send: fake.Silent, Echo: fake.Silent})
	}
	for protocol, want := range map[Protocol]error{UDP: errNoHome, TCP: errNoStream} {
		var done atomic.Int64
		plan := Plan{Protocol: protocol, Prefix: netip.MustParsePrefix("127.0.0.0/24"), Stack: m.Host(1).Stack, Workers: 1}
		if err := Run(context.Background(), plan, NewField(), &done); !errors.Is(err, want) || done.Load() != 0 {
			t.Errorf("%s: got %v and %d addresses, want %v", protocol, err, done.Load(), want)
		}
	}
}

// TestRoomForOneConnection: a queue of one loses connections that are begun side by side; none of
// their addresses is dead.
func TestRoomForOneConnection(t *testing.T) {
	m := fake.Linux()
	m.MaxBacklog = 1
	same(t, steady(swept(t, Plan{Protocol: TCP, Stack: m.Host(1).Stack, Workers: 1}, "127.0.2.0/23")), []string{"127.0.2.0-127.0.3.255 ok"})
}

// TestKept keeps what is known while a sweep goes on: each time at least what was known before, and
// in the end no more than all.
func TestKept(t *testing.T) {
	prefix := netip.MustParsePrefix("127.0.0.0/16")
	from, to := offsets(prefix)
	plan := Plan{Protocol: Bind, Prefix: prefix, Stack: fake.Linux().Host(1).Stack, KeepEach: 1}
	var known, written []int
	plan.Keep = func(f *Field) func() {
		n := f.Settled(from, to)
		known = append(known, n)
		return func() { written = append(written, n) }
	}
	var done atomic.Int64
	if err := Run(context.Background(), plan, NewField(), &done); err != nil {
		t.Fatal(err)
	}
	if len(known) < 2 || !slices.IsSorted(known) || !slices.Equal(known, written) {
		t.Errorf("known %d, written %d", known, written)
	}
	if slices.ContainsFunc(known, func(n int) bool { return n%chunk != 0 }) {
		t.Errorf("kept while a worker was at work: %d", known)
	}
}

func TestOnlyTheBlock(t *testing.T) {
	for _, prefix := range []string{"126.0.0.0/7", "128.0.0.0/8", "10.0.0.0/8", "::1/128", "0.0.0.0/0"} {
		var done atomic.Int64
		p := netip.MustParsePrefix(prefix)
		if err := Run(context.Background(), Plan{Protocol: UDP, Prefix: p}, NewField(), &done); err == nil {
			t.Errorf("%s was swept", prefix)
		}
	}
	for _, o := range []Offset{0, 1, 255, 256, Size / 2, Size - 1} {
		if a := o.Addr(); !sock.IsLoopback(a) {
			t.Errorf("offset %d is %s", o, a)
		}
		if back, inside := offsetOf(o.Addr().As4()); back != o || !inside {
			t.Errorf("%s has offset %d, want %d", o.Addr(), back, o)
		}
	}
}

// fixed is a lane that has lost so many of so many.
type fixed struct {
	lane
	lost, of int
}

func (l fixed) losses() (int, int) { return l.lost, l.of }

func TestRoundsFollowTheLosses(t *testing.T) {
	for _, c := range []struct{ lost, of, want int }{
		{0, 1 << 24, leastRounds}, // a host that loses nothing
		{0, 100, 4},               // hardly anything is known yet
		{1 << 20, 1 << 24, 9},     // one in sixteen
		{1677721, 1 << 24, 11},    // one in ten: 0.1 to the 11th, of 2 to the 24th, is less than a thousandth
		{1 << 23, 1 << 24, 34},    // every second one
		{1<<24 - 1, 1 << 24, mostRounds},
	} {
		if got := rounds([]lane{fixed{lost: c.lost / 2, of: c.of / 2}, fixed{lost: c.lost - c.lost/2, of: c.of - c.of/2}}); got != c.want {
			t.Errorf("%d lost of %d: %d rounds, want %d", c.lost, c.of, got, c.want)
		}
	}
}

// TestInterrupted ends a sweep at every tenth call and goes on with the same field.
func TestInterrupted(t *testing.T) {
	f := NewField()
	p := Plan{Protocol: UDP, Prefix: netip.MustParsePrefix("127.255.0.0/16"), Workers: 1, Stack: fake.Linux().Host(1).Stack}
	runs := 0
	for ; ; runs++ {
		ctx, cancel := context.WithCancel(context.Background())
		counting := &counted{Stack: p.Stack, after: 2000, then: cancel}
		q := p
		q.Stack = counting
		var done atomic.Int64
		err := Run(ctx, q, f, &done)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if runs < 10 {
		t.Errorf("it was interrupted only %d times", runs)
	}
	same(t, told(f.Ranges(p.Prefix)), []string{"127.255.0.0-127.255.255.254 ok", "127.255.255.255-127.255.255.255 EACCES"})
}

// counted is a stack that calls then after so many datagrams.
type counted struct {
	sock.Stack
	after int
	then  func()
}

func (c *counted) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := c.Stack.Socket(f, t)
	return &countedSocket{s, c}, err
}

type countedSocket struct {
	sock.Socket
	c *counted
}

func (s *countedSocket) SendTo(b []byte, to netip.AddrPort) error {
	if s.c.after--; s.c.after == 0 {
		s.c.then()
	}
	return s.Socket.SendTo(b, to)
}

// TestNothingLeaves sweeps a host that routes some addresses off itself: they are not asked, and
// 127.0.0.1 is needed.
func TestNothingLeaves(t *testing.T) {
	away := func(ranges ...string) func(netip.Prefix, sock.Type) map[netipx.IPRange]string {
		return func(in netip.Prefix, _ sock.Type) map[netipx.IPRange]string {
			out := map[netipx.IPRange]string{}
			for _, r := range ranges {
				if r := netipx.MustParseIPRange(r); netipx.RangeOfPrefix(in).Overlaps(r) {
					out[r] = "by eth0"
				}
			}
			return out
		}
	}
	for _, protocol := range []Protocol{UDP, TCP} {
		p := Plan{Protocol: protocol, Stack: fake.Linux().Host(1).Stack, Workers: 1, Leaving: away("127.0.1.3-127.0.1.7")}
		same(t, swept(t, p, "127.0.1.0/24"), []string{"127.0.1.0-127.0.1.2 ok", "127.0.1.3-127.0.1.7 would-leave", "127.0.1.8-127.0.1.255 ok"})
		p.Leaving = away("127.0.0.1-127.0.0.1")
		same(t, swept(t, p, "127.0.1.0/24"), []string{"127.0.1.0-127.0.1.255 would-leave"})
	}
	bound := Plan{Protocol: Bind, Stack: fake.Linux().Host(1).Stack, Workers: 1, Leaving: away("127.0.1.3-127.0.1.7")}
	same(t, swept(t, bound, "127.0.1.0/24"), []string{"127.0.1.0-127.0.1.255 ok"})
}
