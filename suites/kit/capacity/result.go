package capacity

import (
	"slices"
	"time"

	"go4.org/netipx"
)

// result is what is held now, and what it costs.
func (c *coordinator) result() Result {
	after := c.Gauge.Accounts() // before anything else is asked for
	sockets, known := c.Gauge.Sockets()
	r := Result{Port: c.port, Free: c.free, Share: c.Share, Counted: -1, Each: each(c.way)}
	_, r.EachBy, _ = c.Gauge.Cost()
	r.Own, r.LargestOwn = c.memory()
	r.Held, r.Stop = c.held, *c.stop
	r.Accounts = compared(c.before, after, c.held)
	if known && c.countKnown {
		r.Counted = sockets - c.counted
	}
	var parts []Range
	for _, h := range c.holders {
		parts = append(parts, h.parts...)
		r.Largest = max(r.Largest, h.held)
		if h.full {
			r.Full = max(r.Full, h.held)
		}
		if h.held > 0 {
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

func byAddress(a, b Range) int { return int(a.From) - int(b.From) }

func (r Range) addresses() netipx.IPRange {
	return netipx.IPRangeFrom(r.From.Addr(), (r.end() - 1).Addr())
}

// joined returns ranges in order, neighbours in one.
func joined(parts []Range) []netipx.IPRange {
	slices.SortFunc(parts, byAddress)
	var out []netipx.IPRange
	for i := 0; i < len(parts); {
		whole := parts[i]
		for i++; i < len(parts) && parts[i].From == whole.end(); i++ {
			whole.N += parts[i].N
		}
		out = append(out, whole.addresses())
	}
	return out
}

// missed returns failures in order, neighbours that failed alike in one.
func missed(all []Failure) []Missed {
	slices.SortFunc(all, func(a, b Failure) int { return byAddress(a.Range, b.Range) })
	var out []Missed
	for i := 0; i < len(all); {
		whole := all[i]
		for i++; i < len(all) && all[i].From == whole.end() && all[i].Err == whole.Err; i++ {
			whole.N += all[i].N
		}
		out = append(out, Missed{whole.addresses(), &whole.Err})
	}
	return out
}
