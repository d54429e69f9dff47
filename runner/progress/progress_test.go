package progress

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestFewLines(t *testing.T) {
	for _, c := range []struct {
		display *Display
		total   int
		want    []string
	}{
		{&Display{}, 130, []string{" 33/130", " 65/130", " 98/130", "130/130"}},
		{&Display{}, 1, []string{"1/1"}},
		{&Display{}, 3, []string{"1/3", "2/3", "3/3"}},
		{&Display{}, 0, nil},
		{&Display{Every: true}, 3, []string{"1/3", "2/3", "3/3"}},
		{&Display{Every: true, Bars: true}, 2, []string{"1/2", "2/2"}},
		{&Display{Quiet: true}, 3, nil},
		{&Display{Amounts: true}, 3, nil},
	} {
		var b bytes.Buffer
		d := c.display
		d.To = &b
		line := d.Show(c.total, "")
		for done := range c.total {
			line.Set(done+1, fmt.Sprintf("claim.%d", done), "observed whole-block ")
		}
		line.End()
		var got []string
		for s := range strings.Lines(b.String()) {
			count, rest, _ := strings.Cut(s, "  ")
			got = append(got, count)
			if !strings.HasPrefix(rest, "claim.") || !strings.HasSuffix(rest, "  observed whole-block\n") {
				t.Errorf("%q", s)
			}
		}
		if strings.Join(got, ",") != strings.Join(c.want, ",") {
			t.Errorf("%d steps: %q, want %q", c.total, got, c.want)
		}
	}
}

func TestUnknownTotals(t *testing.T) {
	var b bytes.Buffer
	d := &Display{To: &b, Every: true}
	line := d.Show(Unknown, "local")
	line.Set(0, "run as user", "")
	line.End()
	if b.String() != "local: run as user\n" {
		t.Errorf("%q", &b)
	}
}

// TestAmounts follows two amounts for eleven seconds, in which two lines are written.
func TestAmounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			label, unit string
			then        Amount
			display     *Display
			want        string
		}{
			{"sweep udp ", "", Amount{Done: 51_000, Total: 101_000}, &Display{}, "sweep udp   50 %  10,000/s  5s left\nsweep udp   50 %  5,000/s  10s left\n"},
			{"listeners ", "held", Amount{Done: 26_000, Total: 52_000}, &Display{Bars: true, Amounts: true},
				"listeners   50 %  26,000 held  5,000/s  5s left\nlisteners   50 %  26,000 held  2,500/s  10s left\n"},
			{"listeners ", "held", Amount{Done: 1000, Total: 4000}, &Display{}, strings.Repeat("listeners   25 %  1,000 held  0/s  ? left\n", 2)},
			{"listeners ", "held", Amount{Done: 26_000, Total: 26_000, Remark: "letting go of all"}, &Display{},
				strings.Repeat("listeners  26,000 held  letting go of all\n", 2)},
			{"before there is a total ", "", Amount{Done: 5}, &Display{}, ""},
			{"quiet ", "", Amount{Done: 5, Total: 10}, &Display{Quiet: true}, ""},
		} {
			var b bytes.Buffer
			d := c.display
			d.To = &b
			var now atomic.Pointer[Amount]
			now.Store(&Amount{Done: 1000, Total: c.then.Total})
			end := d.Follow(c.label, c.unit, func() Amount { return *now.Load() })
			now.Store(&c.then)
			time.Sleep(11 * time.Second) // of the bubble's clock
			end()
			if b.String() != c.want {
				t.Errorf("%q, want %q", &b, c.want)
			}
		}
	})
}

// TestBarsEnd: a bar that has not come to its total ends all the same, and lets the program go on.
func TestBarsEnd(*testing.T) {
	d := &Display{To: io.Discard, Bars: true}
	for _, a := range []Amount{{Done: 40, Total: 100}, {Done: 100, Total: 100}, {Done: 40}} {
		d.Follow("sweep udp ", "", func() Amount { return a })()
	}
	d.Show(3, "").End()
	full := d.Show(3, "")
	full.Set(3, "last", "")
	full.End()
	some := []*Line{d.Show(Unknown, "one"), d.Show(Unknown, "two")}
	for _, line := range some {
		line.Set(0, "step", "")
	}
	for _, line := range some {
		line.End()
	}
	_, _ = d.Write([]byte("after\n"))
}

// TestLongWork makes sure that work which takes long says so once, quiet or not.
func TestLongWork(t *testing.T) {
	for _, c := range []struct {
		name    string
		display *Display
		ends    bool // before it takes long
		want    string
	}{
		{"quiet", &Display{Quiet: true}, false, "1/130 after 10s\n"},
		{"in a pipe", &Display{}, false, "1/130 after 10s\n"},
		{"over before", &Display{Quiet: true}, true, ""},
		{"read by a program", &Display{Amounts: true}, false, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			var b bytes.Buffer
			c.display.To = &b
			line := c.display.Show(130, "")
			time.Sleep(time.Second)
			line.Set(1, "a claim", "")
			if c.ends {
				line.End()
			}
			time.Sleep(time.Minute)
			line.End()
			if b.String() != c.want {
				t.Errorf("%s: %q, want %q", c.name, b.String(), c.want)
			}
		})
	}
}
