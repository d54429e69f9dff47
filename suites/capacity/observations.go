package capacity

import (
	"strconv"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// namedRanges is how many ranges an observation names; the report has all.
const namedRanges = 8

// Observations are what the claim bind.capacity is judged by: what was held, on what not, what ended it, what a listener
// costs, and who answered.
func (r Result) Observations() observe.Set {
	var out observe.Set
	if r.Held > 0 {
		o := observe.Observation{Op: "hold", Proto: "tcp", Outcome: observe.OK, Count: r.Held}
		for _, span := range r.Ranges[:min(len(r.Ranges), namedRanges)] {
			o.Targets = append(o.Targets, span.String())
		}
		out = append(out, o)
	}
	for _, m := range r.Missed {
		o := observe.Observation{Op: "hold", Proto: "tcp", Targets: []string{m.String()}, Count: Size(m.IPRange)}
		out = append(out, sock.Describe(o, m.Err))
	}
	limit := sock.Describe(observe.Observation{Op: "limit", Proto: "tcp", Count: 1}, r.Stop.Err)
	if limit.Errno == "" {
		limit.Outcome = observe.OK // a bound that was kept, or the end of a process; the report has the words
	}
	limit.Value = string(r.Stop.Limit)
	out = append(out, limit)
	if r.Each > 0 {
		out = append(out, observe.Observation{Op: "memory", Proto: "tcp", Variant: r.EachBy, Outcome: observe.OK,
			Value: strconv.Itoa(int(r.Each + 0.5)), Count: 1})
	}
	return observe.Fold(append(out, r.Seen...))
}

// Size is how many addresses a range of the block has.
func Size(r netipx.IPRange) int { return int(offsetOf(r.To())-offsetOf(r.From())) + 1 }
