package binds

import (
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/capacity"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestHeldListeners(t *testing.T) {
	held := func(n int) observe.Observation { return see("hold", "tcp", "127.0.0.1-127.9.9.9", count(n)) }
	limit := func(word string, changes ...func(*observe.Observation)) observe.Observation {
		return see("limit", "tcp", "", append(changes, value(word))...)
	}
	dialled := func(v string, changes ...func(*observe.Observation)) observe.Observation {
		return see("reach", "tcp", "127.0.0.1", append(changes, variant(v))...)
	}
	refused := func(o *observe.Observation) { o.Outcome, o.Errno = observe.Refused, "ECONNREFUSED" }
	answered := observe.Set{dialled(capacity.Sample, count(256)), dialled(capacity.Beside, count(15)),
		dialled(capacity.Outside, refused, count(16)), dialled(capacity.Closed, refused, count(8))}
	before := observe.Set{see("bind", "tcp", "127.0.2.0", count(listeners)), see("reach", "tcp", "127.0.2.0", value("127.0.2.0"))}
	somebody := func(o *observe.Observation) { astray(o); o.Value = "somebody accepted" }
	entry, _ := entryOf("bind.capacity")
	for name, c := range map[string]struct {
		set  observe.Set
		want string
	}{
		"the whole block":               {join(observe.Set{held(capacity.Whole), limit("block")}, answered), "all-16777214"},
		"all but one":                   {join(observe.Set{held(capacity.Whole - 1), limit("memory")}, answered), "at-least-10000000"},
		"a million":                     {join(observe.Set{held(1_000_000), limit("count")}, answered), "at-least-1000000"},
		"fewer":                         {join(observe.Set{held(999_999), limit("open-files", errno("ENFILE"))}, answered), "at-least-100000"},
		"as few as a run holds":         {join(observe.Set{held(256), limit("count")}, answered), "at-least-256"},
		"what a run has seen besides":   {join(before, observe.Set{held(20_000), limit("memory")}, answered), "at-least-10000"},
		"fewer than a run holds":        {join(observe.Set{held(255), limit("count")}, answered), ""},
		"stopped early":                 {join(observe.Set{held(100), limit("open-files", errno("ENFILE"))}, answered), "ENFILE"},
		"only 127.0.0.1 is there":       {join(observe.Set{held(1), see("hold", "tcp", "127.0.0.2-127.255.255.254", errno("EADDRNOTAVAIL"), count(capacity.Whole-1)), limit("block")}, answered), "EADDRNOTAVAIL"},
		"one is silent":                 {join(observe.Set{held(3000), limit("count"), dialled(capacity.Sample, outcome(observe.Timeout))}, answered), "unanswered"},
		"one is refused":                {join(observe.Set{held(3000), limit("count"), dialled(capacity.Beside, refused)}, answered), "unanswered"},
		"another answers":               {join(observe.Set{held(3000), limit("count"), dialled(capacity.Sample, somebody)}, answered), "crossed"},
		"somebody where nobody is":      {join(observe.Set{held(3000), limit("count"), dialled(capacity.Outside, somebody)}, answered), "crossed"},
		"somebody where nobody is left": {join(observe.Set{held(3000), limit("count"), dialled(capacity.Closed, somebody)}, answered), "crossed"},
		"silence where nobody is":       {join(observe.Set{held(3000), limit("count"), dialled(capacity.Outside, outcome(observe.Timeout))}, answered), "at-least-1000"},
		"nobody was dialled":            {observe.Set{held(3000), limit("count")}, ""},
		"nothing":                       {observe.Set{limit("interrupted")}, ""},
	} {
		for _, set := range []observe.Set{c.set, observe.Fold(c.set)} {
			if a := entry.Rule(set); a.Word != c.want || a.Clear != (c.want != "") {
				t.Errorf("%s: %q (%s), want %q", name, a.Word, a.Reason, c.want)
			}
			if _, declared := entry.Behaviour(c.want); c.want != "" && !declared {
				t.Errorf("%s is not declared", c.want)
			}
		}
	}
	a := entry.Rule(join(observe.Set{held(2_000_000), limit("open-files", errno("ENFILE")), see("memory", "tcp", "", value("3772"))}, answered))
	if want := "2000000 held at 3772 bytes each; 271 dialled, each answered as itself; stopped by: open files ENFILE"; !strings.Contains(a.Reason, want) {
		t.Errorf("%s, want %s", a.Reason, want)
	}
}
