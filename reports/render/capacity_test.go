package render

import (
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// listening are reports of machines that held listeners: many, none, and not even that.
func listening() []model.Report {
	counted := 1_000_001
	many := model.Capacity{Held: 1_000_000, Asked: model.WholeBlock, Port: 40_001, Ranges: []string{"127.0.0.1-127.15.66.63", "127.15.66.65-127.15.66.65"},
		Exceptions: []model.Exception{{CIDR: "127.15.66.64/32", Outcome: observation.InUse, Errno: "EADDRINUSE"}}, Limit: model.LimitMemory,
		Processes: 51, Largest: 19_989, Full: 19_989, Counted: &counted, Seconds: 13.3, FirstHalf: 5.2,
		Memory: &model.Memory{Free: 24 << 30, Share: 0.5, Each: 3781.4, By: "Slab in /proc/meminfo", Processes: 81 << 20, Largest: 1800 << 10}}
	some := model.Capacity{Held: 300, Asked: 300, Port: 40_002, Ranges: []string{"127.0.0.1-127.0.1.44"}, Limit: model.LimitCount,
		Processes: 1, Largest: 300, Seconds: 0.0123, FirstHalf: 0.006}
	none := model.Capacity{Asked: 300, Port: 40_002, Limit: model.LimitDescriptors, Why: "socket: EMFILE (24)",
		Exceptions: []model.Exception{{CIDR: "127.0.0.1/32", Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL"}, {CIDR: "127.0.0.2/31", Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL"},
			{CIDR: "127.0.0.4/30", Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL"}, {CIDR: "127.0.0.8/29", Outcome: observation.Unavailable, Errno: "EADDRNOTAVAIL"}}}
	unable := model.Capacity{Asked: 300, Reason: "fork: EAGAIN (11)"}
	var out []model.Report
	for i, c := range []*model.Capacity{&many, &some, &none, &unable} {
		c.Extrapolation = c.Extrapolated()
		out = append(out, model.Report{Platform: model.Platform{Title: "Linux | " + []string{"one", "two", "three", "four"}[i]}, Capacity: c})
	}
	return out
}

func TestListenersGolden(t *testing.T) {
	var text []byte
	for _, r := range listening() {
		text = append(text, Listeners(r, Terminal{Width: 80})...)
	}
	golden(t, "listeners.txt", text)
	golden(t, "listeners-ascii.txt", Listeners(listening()[0], Terminal{Width: 120, ASCII: true}))
	golden(t, "listeners.md", ListenersTable(listening()))
}

func TestNobodyAskedForListeners(t *testing.T) {
	if got := Listeners(model.Report{}, Terminal{}); got != nil {
		t.Errorf("%s", got)
	}
	if got := ListenersTable([]model.Report{{}}); got != nil {
		t.Errorf("%s", got)
	}
}

// TestExtrapolationsAreCalledThat: nobody must take one for a measurement.
func TestExtrapolationsAreCalledThat(t *testing.T) {
	for _, words := range CapacityWords(*listening()[0].Capacity) {
		if strings.Contains(words, "16,777,214") && !strings.HasPrefix(words, "Extrapolated, not measured:") {
			t.Error(words)
		}
	}
}
