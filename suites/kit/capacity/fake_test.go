package capacity

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// failing is a stack whose listen fails with an error number: at the listeners that when names, of
// all that share it.
type failing struct {
	sock.Stack
	op, errno string
	when      func(n int) bool
	count     *atomic.Int64
}

type failingSocket struct {
	sock.Socket
	f failing
}

func (f failing) Socket(family sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := f.Stack.Socket(family, t)
	if err != nil {
		return nil, err
	}
	return failingSocket{s, f}, nil
}

func (s failingSocket) Listen(backlog int) error {
	if s.f.when(int(s.f.count.Add(1))) {
		return sock.Errno(s.f.op, s.f.errno, 0)
	}
	return s.Socket.Listen(backlog)
}

// wealthy is a gauge with memory that listeners take: they cost something each, of what is free.
type wealthy struct {
	free, each int64
	listening  func() int64
	blind      bool
	files      int64
}

func (w wealthy) Free() (int64, bool) { return w.free - w.each*w.listening(), !w.blind }
func (w wealthy) Files() (left, of int64, known bool) {
	return w.files - w.listening(), w.files, w.files > 0
}
func (w wealthy) Sockets() (int, bool) { return int(w.listening()), true }
func (w wealthy) Cost() (int64, string, bool) {
	return 1<<20*10 + w.each*w.listening(), "the purse", !w.blind
}

func (w wealthy) Accounts() []Reading {
	return []Reading{{Name: "the purse", Bytes: w.each * w.listening()}, {Name: "nails", Bytes: 7 * w.listening(), Object: 7}, {Name: "eggs", Object: 60}}
}

// rich has more of everything than a test takes.
func rich() wealthy { return wealthy{free: 1 << 40, listening: func() int64 { return 0 }} }

// faked is a plan on a Linux in memory, where each process has a stack of its own around the
// machine's.
func faked(most int, process func(sock.Stack) sock.Stack) Plan {
	bare := fake.Linux().Bare()
	return Plan{Most: most, Workers: 1, Gauge: rich(), Stack: bare, Start: func() (Holder, error) {
		return Holding(process(bare)), nil
	}}
}

func plain(s sock.Stack) sock.Stack { return s }

// told says in a line what became of a plan.
func told(t *testing.T, p Plan) string {
	t.Helper()
	var progress Progress
	r, err := Run(context.Background(), p, &progress)
	if err != nil {
		t.Fatal(err)
	}
	if got := int(progress.Held.Load()); got != r.Held {
		t.Errorf("the progress ended at %d, and %d were held", got, r.Held)
	}
	sum := 0
	var spans []string
	for _, span := range r.Ranges {
		sum += Size(span)
		spans = append(spans, span.String())
	}
	if sum != r.Held {
		t.Errorf("%d held, on %d addresses", r.Held, sum)
	}
	words := fmt.Sprintf("%d in %d on %s: %s", r.Held, r.Processes, strings.Join(spans, ","), r.Stop.Limit)
	for _, m := range r.Missed {
		words += fmt.Sprintf("; %s %s", m.IPRange, m.Err.Errno)
	}
	for _, o := range r.Seen {
		good := o.Outcome == observation.OK
		if o.Variant == Outside || o.Variant == Closed {
			good = o.Outcome == observation.Refused
		}
		if !good {
			words += fmt.Sprintf("; %s %s %s%s", o.Variant, strings.Join(o.Targets, ","), o.Problem(), o.Value)
		}
	}
	return words
}

func TestWhatStopsIt(t *testing.T) {
	if testing.Short() {
		t.Skip("it is the same on every system, and minutes under Wine")
	}
	at := func(op, errno string, when func(n int) bool) Plan {
		var together atomic.Int64
		return faked(5000, func(s sock.Stack) sock.Stack { return failing{s, op, errno, when, &together} })
	}
	single := func(errno string, n int) Plan {
		return faked(5000, func(s sock.Stack) sock.Stack {
			return failing{s, "socket", errno, func(i int) bool { return i > n }, new(atomic.Int64)}
		})
	}
	from3000 := func(n int) bool { return n >= 3000 }
	only3000 := func(n int) bool { return n == 3000 }
	started := 0
	barren := single("EMFILE", 1000)
	start := barren.Start
	barren.Start = func() (Holder, error) {
		if started++; started > 2 {
			return nil, sock.Errno("fork", "EAGAIN", 11)
		}
		return start()
	}
	for name, c := range map[string]struct {
		plan Plan
		want string
	}{
		"nothing":                       {faked(5000, plain), "5000 in 1 on 127.0.0.1-127.0.19.136: count"},
		"one":                           {faked(1, plain), "1 in 1 on 127.0.0.1-127.0.0.1: count"},
		"descriptors of a process":      {single("EMFILE", 2000), "5000 in 3 on 127.0.0.1-127.0.19.136: count"},
		"no descriptors at all":         {single("EMFILE", 0), "0 in 0 on : descriptors"},
		"files of the system":           {at("socket", "ENFILE", from3000), "2999 in 1 on 127.0.0.1-127.0.11.183: open-files"},
		"memory":                        {at("listen", "ENOMEM", from3000), "2999 in 1 on 127.0.0.1-127.0.11.183: kernel-memory"},
		"buffers":                       {at("bind", "ENOBUFS", from3000), "2999 in 1 on 127.0.0.1-127.0.11.183: kernel-memory"},
		"somebody is there":             {at("bind", "EADDRINUSE", only3000), "5000 in 1 on 127.0.0.1-127.0.11.183,127.0.11.185-127.0.19.137: count; 127.0.11.184-127.0.11.184 EADDRINUSE"},
		"somebody is there, of listen":  {at("listen", "EADDRINUSE", only3000), "5000 in 1 on 127.0.0.1-127.0.11.183,127.0.11.185-127.0.19.137: count; 127.0.11.184-127.0.11.184 EADDRINUSE"},
		"no further process":            {barren, "2000 in 2 on 127.0.0.1-127.0.7.208: processes"},
		"no socket for any other cause": {at("socket", "EACCES", from3000), "2999 in 1 on 127.0.0.1-127.0.11.183: refused"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(t, c.plan); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestManySmallProcesses(t *testing.T) {
	p := faked(5000, func(s sock.Stack) sock.Stack {
		return failing{s, "socket", "EMFILE", func(n int) bool { return n > 2 }, new(atomic.Int64)}
	})
	if got, want := told(t, p), "2048 in 1024 on 127.0.0.1-127.0.8.0: most-processes"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// hoard is a holder that only counts, as quickly as no stack can. It is full at some number; 0 is
// never.
type hoard struct {
	Holder
	full int
	own  *int
	all  *atomic.Int64
}

func (h hoard) Listen(from sweep.Offset, n int, _ uint16) (out Listened, err error) {
	if h.full > 0 && *h.own+n > h.full {
		n, out.Stopped = h.full-*h.own, sock.Errno("socket", "EMFILE", 24)
	}
	*h.own += n
	h.all.Add(int64(n))
	if n > 0 {
		out.Held = []Range{{from, n}}
	}
	return out, nil
}

func (hoard) Memory() (int64, error) { return 0, nil }
func (hoard) End() error             { return nil }
func (hoard) Close(sweep.Offset) error {
	return sock.Errno("close", "EBADF", 9)
}

// hoarded is a plan of hoards; nobody answers in it.
func hoarded(most, full int) (Plan, *atomic.Int64) {
	var all atomic.Int64
	p := faked(most, plain)
	p.Start = func() (Holder, error) { return hoard{full: full, own: new(int), all: &all}, nil }
	return p, &all
}

// run is Run without an end.
func run(t *testing.T, p Plan) Result {
	t.Helper()
	r, err := Run(context.Background(), p, &Progress{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSideBySide: several workers share what is asked for, whatever each of them comes short of.
func TestSideBySide(t *testing.T) {
	for _, workers := range []int{2, 3, 7} {
		p, _ := hoarded(500_000, 1700)
		p.Workers = workers
		r := run(t, p)
		if span := joined([]Range{{first, 500_000}}); r.Held != 500_000 || r.Stop.Limit != Count || r.Processes < 295 || r.Processes > 300 || r.Full != 1700 {
			t.Errorf("%d workers: %d held in %d processes, %v, want %v", workers, r.Held, r.Processes, r.Stop, span)
		}
		sum := 0
		for i, span := range r.Ranges {
			sum += Size(span)
			if i > 0 && !r.Ranges[i-1].To().Less(span.From()) {
				t.Errorf("%v and %v", r.Ranges[i-1], span)
			}
		}
		if sum != r.Held {
			t.Errorf("%d workers: %d held, on %d addresses", workers, r.Held, sum)
		}
	}
}

func TestTheWholeBlock(t *testing.T) {
	p, _ := hoarded(0, 20_000)
	p.Workers = 3
	r := run(t, p)
	// 839 processes have room for all; which of the workers comes last decides whether one or two
	// more are begun.
	if r.Held != Whole || r.Stop.Limit != Block || fmt.Sprint(r.Ranges) != "[127.0.0.1-127.255.255.254]" ||
		r.Processes < 839 || r.Processes > 838+p.Workers {
		t.Errorf("%d held in %d processes on %v, %v", r.Held, r.Processes, r.Ranges, r.Stop)
	}
	if n := r.Seen.Op("reach").Variant(Outside).Count(); n != 0 {
		t.Errorf("%d were dialled outside of everything", n)
	}
}

func TestMemoryIsLeft(t *testing.T) {
	for _, c := range []struct {
		share float64
		want  int
	}{{0, 12_500}, {0.25, 6250}, {1, 25_000}} {
		p, n := hoarded(0, 0)
		p.Share, p.Gauge = c.share, wealthy{free: 100_000_000, each: 4000, listening: n.Load}
		r := run(t, p)
		if r.Stop.Limit != Memory || r.Held < c.want || r.Held > c.want+chunk {
			t.Errorf("%d held, %v, want %d and at most %d more", r.Held, r.Stop, c.want, chunk)
		}
		if r.Counted != r.Held || r.Free != 100_000_000 || len(r.Accounts) != 2 || r.Accounts[1].Grown() != 7*int64(r.Held) {
			t.Errorf("%+v", r)
		}
		if r.Held >= fewest && (r.Each != 4000 || r.EachBy != "the purse") {
			t.Errorf("one costs %v by %s", r.Each, r.EachBy)
		}
	}
}

// TestPinnedMemoryCounts: what the kernel calls available does not always say what listeners have
// taken.
func TestPinnedMemoryCounts(t *testing.T) {
	p, n := hoarded(0, 0)
	p.Gauge = optimist{wealthy{free: 100_000_000, each: 4000, listening: n.Load}}
	if r := run(t, p); r.Stop.Limit != Memory || r.Held > 12_500+chunk {
		t.Errorf("%d held, %v", r.Held, r.Stop)
	}
}

type optimist struct{ wealthy }

func (o optimist) Free() (int64, bool) { return o.free, true }

func TestBlindly(t *testing.T) {
	p, n := hoarded(0, 0)
	p.Gauge = wealthy{blind: true, listening: n.Load}
	if r := run(t, p); r.Held != mostBlindly || r.Stop.Limit != NoAccount || r.Each != 0 || r.Free != 0 {
		t.Errorf("%d held, %v, %v each of %d", r.Held, r.Stop, r.Each, r.Free)
	}
}

func TestFilesAreLeftForOthers(t *testing.T) {
	p, n := hoarded(0, 0)
	p.Gauge = wealthy{free: 1 << 40, files: 20_000, listening: n.Load}
	if r := run(t, p); r.Stop.Limit != OpenFiles || r.Held < 18_000 || r.Held > 18_000+chunk {
		t.Errorf("%d held, %v", r.Held, r.Stop)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := faked(0, func(s sock.Stack) sock.Stack {
		return failing{s, "", "", func(n int) bool {
			if n == 5000 {
				cancel()
			}
			return false
		}, new(atomic.Int64)}
	})
	r, err := Run(ctx, p, &Progress{})
	if err != nil || r.Stop.Limit != Interrupted || r.Held != 3*chunk || len(r.Seen) == 0 {
		t.Errorf("%d held, %+v, %v, %d seen", r.Held, r.Stop, err, len(r.Seen))
	}
}

// mortal is a holder that ends at a call.
type mortal struct {
	Holder
	hold, own bool
}

func (m mortal) Listen(from sweep.Offset, n int, port uint16) (Listened, error) {
	if from > first && m.hold {
		return Listened{}, fmt.Errorf("%w: signal: killed", errEnded)
	}
	return m.Holder.Listen(from, n, port)
}

func (m mortal) Memory() (int64, error) {
	if m.own {
		return 0, fmt.Errorf("%w: signal: killed", errEnded)
	}
	return m.Holder.Memory()
}

func TestAHolderIsGone(t *testing.T) {
	for _, m := range []mortal{{hold: true}, {own: true}} {
		p := faked(3000, plain)
		start := p.Start
		p.Start = func() (Holder, error) {
			var err error
			m.Holder, err = start()
			return m, err
		}
		r, err := Run(context.Background(), p, &Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Held != 0 || r.Stop.Limit != Ended || !strings.Contains(r.Stop.Err.Error(), "signal: killed") || !errors.Is(r.Stop.Err, errEnded) {
			t.Errorf("%d held, %v", r.Held, r.Stop)
		}
	}
}

func TestNothingBegins(t *testing.T) {
	p := faked(10, plain)
	p.Start = func() (Holder, error) { return nil, sock.Errno("fork", "EAGAIN", 11) }
	if _, err := Run(context.Background(), p, &Progress{}); !sock.IsErrno(err, "EAGAIN") {
		t.Errorf("got %v", err)
	}
}

// detour is a client's stack that takes some connections elsewhere, as a packet filter or a
// listener on 0.0.0.0 would.
type detour struct {
	sock.Stack
	to func(netip.AddrPort) netip.AddrPort
}

type detourSocket struct {
	sock.Socket
	d    detour
	peer netip.AddrPort
}

func (d detour) Socket(f sock.Family, t sock.Type) (sock.Socket, error) {
	s, err := d.Stack.Socket(f, t)
	return &detourSocket{Socket: s, d: d}, err
}

func (s *detourSocket) Connect(to netip.AddrPort, wait time.Duration) error {
	s.peer = to
	return s.Socket.Connect(s.d.to(to), wait)
}

func (s *detourSocket) PeerName() (netip.AddrPort, error) { return s.peer, nil } // as behind a filter

func TestOneAnswersForAnother(t *testing.T) {
	elsewhere := func(from, to string) func(netip.AddrPort) netip.AddrPort {
		return func(a netip.AddrPort) netip.AddrPort {
			if a.Addr() == netip.MustParseAddr(from) {
				return netip.AddrPortFrom(netip.MustParseAddr(to), a.Port())
			}
			return a
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{"127.0.0.50", "127.0.0.7", "held 127.0.0.50 astraysomebody else accepted"},
		{"127.0.0.101", "127.0.0.7", "outside 127.0.0.101 astraysomebody accepted"},
		{"127.255.255.254", "127.0.0.7", "outside 127.255.255.254 astraysomebody accepted"},
		{"127.0.0.7", "127.0.0.101", "held 127.0.0.7 ECONNREFUSED"},
	} {
		p := faked(100, plain)
		p.Stack = detour{p.Stack, elsewhere(c.from, c.to)}
		if got := told(t, p); !strings.Contains(got, c.want) {
			t.Errorf("%s to %s: %s", c.from, c.to, got)
		}
	}
}

// TestAHeirAnswers: what is closed must not be answered by anybody.
func TestAHeirAnswers(t *testing.T) {
	p := faked(100, plain)
	var mu sync.Mutex
	shut := map[netip.Addr]bool{}
	p.Start = func() (Holder, error) {
		return heir{Holding(p.Stack), func(at sweep.Offset) {
			mu.Lock()
			defer mu.Unlock()
			shut[at.Addr()] = true
		}}, nil
	}
	p.Stack = detour{p.Stack, func(a netip.AddrPort) netip.AddrPort {
		mu.Lock()
		defer mu.Unlock()
		if shut[a.Addr()] {
			return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.8"), a.Port())
		}
		return a
	}}
	if got := told(t, p); !strings.Contains(got, "closed 127.0.0.1,") || !strings.Contains(got, "astraysomebody accepted") {
		t.Errorf("%s", got)
	}
}

type heir struct {
	Holder
	shut func(sweep.Offset)
}

func (h heir) Close(at sweep.Offset) error {
	h.shut(at)
	return h.Holder.Close(at)
}

// liar is a holder that knows something else of a connection than there is to know.
type liar struct {
	Holder
	change func(*Accepted)
}

func (l liar) Accept(at sweep.Offset, wait time.Duration) (Accepted, error) {
	m, err := l.Holder.Accept(at, wait)
	l.change(&m)
	return m, err
}

func TestBothEndsAgree(t *testing.T) {
	other := netip.MustParseAddrPort("127.0.0.9:9")
	for want, change := range map[string]func(*Accepted){
		"getsockname of the listener":   func(m *Accepted) { m.Listener = other },
		"getsockname of the connection": func(m *Accepted) { m.Local = other },
		"getpeername of the connection": func(m *Accepted) { m.Peer = other },
	} {
		p := faked(100, plain)
		start := p.Start
		p.Start = func() (Holder, error) {
			o, err := start()
			return liar{o, change}, err
		}
		if got := told(t, p); !strings.Contains(got, "astray"+want) {
			t.Errorf("%s: %s", want, got)
		}
	}
}
