package capacity

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

func TestMain(m *testing.M) {
	child.Main()
	hold() // does not return in the parent that a test kills
	os.Exit(privatehost.Within(m.Run))
}

func TestNumbers(t *testing.T) {
	if got := fmt.Sprint(first.Addr(), last.Addr(), Whole); got != "127.0.0.1 127.255.255.254 16777214" {
		t.Error(got)
	}
	if at := offsetOf(last.Addr()); at != last {
		t.Errorf("%d, want %d", at, last)
	}
}

// TestOnlyOneAddress: where lo has one address only, everything else is one range of failures.
func TestOnlyOneAddress(t *testing.T) {
	l, err := Holding(fake.BSD().Bare()).Listen(first, 50_000, 4000)
	if err != nil {
		t.Fatal(err)
	}
	held, tried := l.counts()
	if tried != 50_000 || held != 1 || len(l.Failures) != 1 || l.Failures[0].From != 2 || l.Failures[0].Err.Errno != "EADDRNOTAVAIL" || l.Stopped != nil {
		t.Errorf("%+v", l)
	}
}

func TestRangesAreJoined(t *testing.T) {
	got := fmt.Sprint(joined([]Range{{20, 5}, {1, 9}, {10, 10}, {30, 1}}))
	if want := "[127.0.0.1-127.0.0.24 127.0.0.30-127.0.0.30]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	in, un := *sock.Errno("bind", "EADDRINUSE", 98), *sock.Errno("bind", "EADDRNOTAVAIL", 99)
	var words []string
	for _, m := range missed([]Failure{{Range{20, 5}, un}, {Range{1, 9}, un}, {Range{10, 10}, un}, {Range{25, 1}, in}, {Range{27, 1}, in}}) {
		words = append(words, m.String()+" "+m.Err.Errno)
	}
	if got, want := strings.Join(words, ", "), "127.0.0.1-127.0.0.24 EADDRNOTAVAIL, 127.0.0.25-127.0.0.25 EADDRINUSE, 127.0.0.27-127.0.0.27 EADDRINUSE"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestWhatOneCosts: a burst of what others do is no part of it.
func TestWhatOneCosts(t *testing.T) {
	way := func(n int, extra func(i int) int64) []milestone {
		var out []milestone
		for i := range n {
			out = append(out, milestone{held: 2000 * (i + 1), cost: 500 + 3800*2000*int64(i+1) + extra(i), known: true})
		}
		return out
	}
	quiet := func(int) int64 { return 0 }
	for name, c := range map[string]struct {
		way  []milestone
		want float64
	}{
		"quiet":          {way(20, quiet), 3800},
		"a burst":        {way(20, func(i int) int64 { return map[bool]int64{true: 1 << 30}[i == 7] }), 3800},
		"a step":         {way(20, func(i int) int64 { return map[bool]int64{true: 1 << 30}[i >= 17] }), 3800},
		"too few":        {way(4, quiet), 0},
		"nothing":        {nil, 0},
		"shrinks":        {way(20, func(i int) int64 { return -8000 * 2000 * int64(i) }), 0},
		"nobody said it": {[]milestone{{held: 5000}, {held: 20_000}}, 0},
	} {
		if got := each(c.way); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAccounts(t *testing.T) {
	before := []Reading{{"all", 1000, 0}, {"socks", 300, 3}, {"shoes", 300, 3}, {"gone", 1, 0}}
	after := []Reading{{"all", 5000, 0}, {"socks", 3300, 3}, {"shoes", 500, 3}, {"new", 1, 0}}
	if got, want := fmt.Sprint(compared(before, after, 1000)), "[{all 1000 5000} {socks 300 3300}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestErrorsOfAddressesProcessesAndTheSystem(t *testing.T) {
	for _, c := range []struct {
		op, errno string
		bound     bound
		limit     Limit
	}{
		{"socket", "EMFILE", ofProcess, Descriptors}, {"socket", "ENFILE", ofSystem, OpenFiles}, {"bind", "ENOBUFS", ofSystem, KernelMemory},
		{"listen", "ENOMEM", ofSystem, KernelMemory}, {"bind", "EAGAIN", ofSystem, KernelMemory}, {"socket", "EPERM", ofSystem, Refused},
		{"bind", "EADDRINUSE", ofAddress, ""}, {"listen", "EADDRINUSE", ofAddress, ""}, {"bind", "EACCES", ofAddress, ""}, {"bind", "EADDRNOTAVAIL", ofAddress, ""},
	} {
		if b, l := boundOf(sock.Errno(c.op, c.errno, 0)); b != c.bound || l != c.limit {
			t.Errorf("%s: %s is %v, %s", c.op, c.errno, b, l)
		}
	}
}

func TestObservations(t *testing.T) {
	r := Result{Held: 3000, Ranges: joined([]Range{{1, 3000}}), Each: 3771.6, EachBy: "the purse",
		Missed: missed([]Failure{{Range{3001, 2}, *sock.Errno("bind", "EADDRINUSE", 98)}}), Stop: Stop{OpenFiles, sock.Errno("socket", "ENFILE", 23)},
		Seen: observation.Set{{Op: "reach", Proto: "tcp", Variant: Sample, Outcome: observation.OK, Count: 256}}}
	var got []string
	for _, o := range r.Observations() {
		got = append(got, fmt.Sprintf("%s %s %d %s%s %s%v", o.Op, o.Outcome, o.Count, o.Errno, o.Value, o.Variant, o.Targets))
	}
	want := []string{"hold ok 3000  [127.0.0.1-127.0.11.184]", "hold in-use 2 EADDRINUSE [127.0.11.185-127.0.11.186]",
		"limit exhausted 1 ENFILEopen-files []", "memory ok 1 3772 the purse[]", "reach ok 256  held[]"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheSampleIsSpread(t *testing.T) {
	c := &coordinator{held: 100_000, holders: []*holder{{parts: []Range{{1, 40_000}, {80_001, 20_000}}, held: 60_000}, {parts: []Range{{40_001, 40_000}}, held: 40_000}}}
	all := (&verifier{coordinator: c}).sampled()
	if len(all) < sample || len(all) > sample+2 || all[0] != 1 || all[len(all)-1] != 100_000 {
		t.Fatalf("%d, from %d to %d", len(all), all[0], all[len(all)-1])
	}
	for i := range all[1:] {
		if gap := all[i+1] - all[i]; gap > 100_000/(sample-1)+1 {
			t.Errorf("nobody between %d and %d", all[i], all[i+1])
		}
	}
	for _, held := range []int{0, 1, 2, 5} {
		c := &coordinator{held: held, holders: []*holder{{parts: []Range{{1, held}}, held: held}}}
		if held == 0 {
			c.holders[0].parts = nil
		}
		if all := (&verifier{coordinator: c}).sampled(); len(all) != held {
			t.Errorf("%d of %d", len(all), held)
		}
	}
}

func TestOutside(t *testing.T) {
	for _, c := range []struct {
		next  sweep.Offset
		rest  []Range
		least int
	}{{1000, nil, alongside}, {1000, []Range{{500, 20}}, alongside}, {last - 3, nil, 4}, {last + 1, nil, 0}, {last + 1, []Range{{500, 20}}, 4}} {
		v := verifier{coordinator: &coordinator{next: c.next, rest: c.rest}}
		out := v.outside()
		if len(out) < c.least || len(out) > alongside {
			t.Errorf("after %d, beside %v: %v", c.next, c.rest, out)
		}
		for _, at := range out {
			if at > last || at < c.next && (at < 500 || at >= 520) {
				t.Errorf("%s was held or is an edge", at.Addr())
			}
		}
	}
}
