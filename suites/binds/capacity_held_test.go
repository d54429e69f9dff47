package binds

import (
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestHeldListeners(t *testing.T) {
	held := func(n int) observation.Observation { return see("hold", "tcp", "127.0.0.1-127.9.9.9", count(n)) }
	limit := func(word string, changes ...func(*observation.Observation)) observation.Observation {
		return see("limit", "tcp", "", append(changes, value(word))...)
	}
	dialled := func(v string, changes ...func(*observation.Observation)) observation.Observation {
		return see("reach", "tcp", "127.0.0.1", append(changes, variant(v))...)
	}
	refused := func(o *observation.Observation) { o.Outcome, o.Errno = observation.Refused, "ECONNREFUSED" }
	answered := observation.Set{dialled(capacity.Sample, count(256)), dialled(capacity.Beside, count(15)),
		dialled(capacity.Outside, refused, count(16)), dialled(capacity.Closed, refused, count(8))}
	before := observation.Set{see("bind", "tcp", "127.0.2.0", count(listeners)), see("reach", "tcp", "127.0.2.0", value("127.0.2.0"))}
	somebody := func(o *observation.Observation) { astray(o); o.Value = "somebody accepted" }
	claimtest.Rule(t, "bind.capacity", []claimtest.Row{
		{Name: "the whole block", Seen: join(observation.Set{held(capacity.Whole), limit("block")}, answered), Want: "all-16777214"},
		{Name: "all but one", Seen: join(observation.Set{held(capacity.Whole - 1), limit("memory")}, answered), Want: "at-least-10000000"},
		{Name: "a million", Seen: join(observation.Set{held(1_000_000), limit("count")}, answered), Want: "at-least-1000000"},
		{Name: "fewer", Seen: join(observation.Set{held(999_999), limit("open-files", errno("ENFILE"))}, answered), Want: "at-least-100000"},
		{Name: "as few as a run holds", Seen: join(observation.Set{held(256), limit("count")}, answered), Want: "at-least-256"},
		{Name: "what a run has seen besides", Seen: join(before, observation.Set{held(20_000), limit("memory")}, answered), Want: "at-least-10000"},
		{Name: "fewer than a run holds", Seen: join(observation.Set{held(255), limit("count")}, answered), Want: ""},
		{Name: "stopped early", Seen: join(observation.Set{held(100), limit("open-files", errno("ENFILE"))}, answered), Want: "ENFILE"},
		{Name: "only 127.0.0.1 is there", Seen: join(observation.Set{held(1), see("hold", "tcp", "127.0.0.2-127.255.255.254", errno("EADDRNOTAVAIL"), count(capacity.Whole-1)), limit("block")}, answered), Want: "EADDRNOTAVAIL"},
		{Name: "one is silent", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Sample, outcome(observation.Timeout))}, answered), Want: "unanswered"},
		{Name: "one is refused", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Beside, refused)}, answered), Want: "unanswered"},
		{Name: "another answers", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Sample, somebody)}, answered), Want: "crossed"},
		{Name: "somebody where nobody is", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Outside, somebody)}, answered), Want: "crossed"},
		{Name: "somebody where nobody is left", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Closed, somebody)}, answered), Want: "crossed"},
		{Name: "silence where nobody is", Seen: join(observation.Set{held(3000), limit("count"), dialled(capacity.Outside, outcome(observation.Timeout))}, answered), Want: "at-least-1000"},
		{Name: "nobody was dialled", Seen: observation.Set{held(3000), limit("count")}, Want: ""},
		{Name: "nothing", Seen: observation.Set{limit("interrupted")}, Want: ""},
	})
	a := howMany(join(observation.Set{held(2_000_000), limit("open-files", errno("ENFILE")), see("memory", "tcp", "", value("3772"))}, answered))
	if want := "2000000 held at 3772 bytes each; 271 dialled, each answered as itself; stopped by: open files ENFILE"; !strings.Contains(a.Reason, want) {
		t.Errorf("%s, want %s", a.Reason, want)
	}
}
