package capacity

import (
	"strconv"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// namedRanges is how many ranges an observation names; the report has all.
const namedRanges = 8

// Observations are what the claim bind.capacity is judged by: what was held, on what not, what
// ended it, what a listener costs, and which of them answered.
func (r Result) Observations() observation.Set {
	var out observation.Set
	if r.Held > 0 {
		o := observation.Observation{Op: "hold", Proto: "tcp", Outcome: observation.OK, Count: r.Held}
		for _, span := range r.Ranges[:min(len(r.Ranges), namedRanges)] {
			o.Targets = append(o.Targets, span.String())
		}
		out = append(out, o)
	}
	for _, m := range r.Missed {
		o := observation.Observation{Op: "hold", Proto: "tcp", Targets: []string{m.String()}, Count: Size(m.IPRange)}
		out = append(out, sock.Describe(o, m.Err))
	}
	limit := sock.Describe(observation.Observation{Op: "limit", Proto: "tcp", Count: 1}, r.Stop.Err)
	if limit.Errno == "" {
		limit.Outcome = observation.OK // a bound that was kept, or the end of a process; the report has the words
	}
	limit.Value = string(r.Stop.Limit)
	out = append(out, limit)
	if r.Each > 0 {
		out = append(out, observation.Observation{Op: "memory", Proto: "tcp", Variant: r.EachBy, Outcome: observation.OK,
			Value: strconv.Itoa(int(r.Each + 0.5)), Count: 1})
	}
	return observation.Fold(append(out, r.Seen...))
}

// Size is how many addresses a range of the block has.
func Size(r netipx.IPRange) int { return int(offsetOf(r.To())-offsetOf(r.From())) + 1 }
