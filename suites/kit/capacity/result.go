package capacity

import (
	"slices"
	"time"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// result is what is held now, and what it costs.
func (c *coordinator) result() Result {
	after := c.Gauge.Accounts() // before anything else is asked for
	sockets, known := c.Gauge.Sockets()
	r := Result{Port: c.port, Free: c.free, Share: c.Share, Counted: -1, Each: each(c.way)}
	_, r.EachBy, _ = c.Gauge.Cost()
	r.Own, r.LargestOwn = c.own()
	r.Held, r.Stop = c.held, *c.stop
	r.Accounts = compared(c.before, after, c.held)
	if known && c.countKnown {
		r.Counted = sockets - c.counted
	}
	var parts []stretch
	for _, o := range c.owners {
		parts = append(parts, o.parts...)
		r.Largest = max(r.Largest, o.held)
		if o.full {
			r.Full = max(r.Full, o.held)
		}
		if o.held > 0 {
			r.Processes++
		}
	}
	r.Ranges = joined(parts)
	r.Missed = missed(c.missed)
	if n := len(c.way); n > 0 {
		r.Took, r.FirstHalf = c.way[n-1].at.Sub(c.begun), c.firstHalf()
	}
	return r
}

// firstHalf is how long it took to hold half of what was held in the end.
func (c *coordinator) firstHalf() time.Duration {
	for _, m := range c.way {
		if 2*m.held >= c.held {
			return m.at.Sub(c.begun)
		}
	}
	return 0
}

// joined are stretches as ranges, neighbours in one.
func joined(parts []stretch) []netipx.IPRange {
	slices.SortFunc(parts, func(a, b stretch) int { return int(a.from) - int(b.from) })
	var out []netipx.IPRange
	for i := 0; i < len(parts); {
		from, end := parts[i].from, parts[i].from
		for ; i < len(parts) && parts[i].from == end; i++ {
			end += sweep.Offset(parts[i].n)
		}
		out = append(out, netipx.IPRangeFrom(from.Addr(), (end-1).Addr()))
	}
	return out
}

// missed are failures as ranges, neighbours that failed alike in one.
func missed(all []Failure) []Missed {
	slices.SortFunc(all, func(a, b Failure) int { return int(a.From) - int(b.From) })
	var out []Missed
	var end sweep.Offset
	for _, f := range all {
		from := f.From
		if n := len(out); n > 0 && end == f.From && *out[n-1].Err == f.Err {
			from = offsetOf(out[n-1].From())
			out = out[:n-1]
		}
		end = f.From + sweep.Offset(f.N)
		out = append(out, Missed{netipx.IPRangeFrom(from.Addr(), (end - 1).Addr()), &f.Err})
	}
	return out
}
