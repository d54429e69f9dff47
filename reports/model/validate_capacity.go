package model

import (
	"fmt"
	"math"
	"slices"

	"go4.org/netipx"
)

// capacity checks what was held against itself.
func (p *problems) capacity(path string, c *Capacity) {
	if c == nil {
		return
	}
	p.unless(c.Asked >= 1 && c.Asked <= WholeBlock, path+".asked", "%d is not from 1 to %d", c.Asked, WholeBlock)
	p.unless(c.Held >= 0 && c.Held <= c.Asked, path+".held", "%d is not from 0 to asked, which is %d", c.Held, c.Asked)
	p.unless(c.Seconds >= 0, path+".seconds", "%v is negative", c.Seconds)
	p.unless(c.FirstHalf >= 0 && c.FirstHalf <= c.Seconds, path+".first_half", "%v is not from 0 to seconds, which is %v", c.FirstHalf, c.Seconds)
	for _, s := range []struct{ path, text string }{{"why", c.Why}, {"reason", c.Reason}} {
		p.unless(printable(s.text) == s.text, path+"."+s.path, "%q holds control characters", s.text)
	}
	if c.Reason != "" {
		p.unless(c.Held == 0 && c.Limit == "", path+".reason", "it says that nothing could begin, but %d were held", c.Held)
		return
	}
	p.unless(slices.Contains(Limits(), c.Limit), path+".limit", "%q is no limit; one of %s", string(c.Limit), list(Limits()))
	p.unless(c.Limit != LimitCount || c.Held == c.Asked, path+".limit", "%q, but %d of %d were held", string(c.Limit), c.Held, c.Asked)
	p.unless(c.Port >= 1 && c.Port <= math.MaxUint16, path+".port", "%d is no port", c.Port)
	p.unless(c.Processes >= 0 && c.Processes <= c.Held && (c.Processes > 0) == (c.Held > 0), path+".processes", "%d processes can't hold %d listeners", c.Processes, c.Held)
	p.unless(c.Largest >= 0 && c.Largest <= c.Held && c.Largest*c.Processes >= c.Held, path+".largest", "%d processes of %d listeners at most can't hold %d", c.Processes, c.Largest, c.Held)
	p.unless(c.Full >= 0 && c.Full <= c.Largest, path+".full", "%d is not from 0 to largest, which is %d", c.Full, c.Largest)
	p.addresses(path, *c)
	if c.Memory != nil {
		p.memory(path+".memory", *c.Memory)
	}
	p.extrapolation(path+".extrapolation", *c)
}

// spanned is a range of addresses and where it stands.
type spanned struct {
	path string
	netipx.IPRange
}

// addresses checks the ranges that were held and those that could not be: in the block, and no
// address twice.
func (p *problems) addresses(path string, c Capacity) {
	var all []spanned
	held := 0
	for i, text := range c.Ranges {
		at := fmt.Sprintf("%s.ranges[%d]", path, i)
		r, err := netipx.ParseIPRange(text)
		if err != nil || !block.Contains(r.From()) || !block.Contains(r.To()) {
			p.add(at, "%q is no range of addresses in %s, such as \"127.0.0.1-127.0.3.232\"", text, block)
			continue
		}
		all = append(all, spanned{at, r})
		held += sizeOf(r)
	}
	p.unless(held == c.Held, path+".ranges", "they are %d addresses, but held is %d", held, c.Held)
	for i, x := range c.Exceptions {
		at := fmt.Sprintf("%s.exceptions[%d]", path, i)
		if _, prefix := p.part(at+".cidr", x.CIDR); prefix.IsValid() {
			all = append(all, spanned{at + ".cidr", netipx.RangeOfPrefix(prefix)})
		}
		p.outcome(at+".outcome", x.Outcome)
	}
	slices.SortStableFunc(all, func(a, b spanned) int { return a.From().Compare(b.From()) })
	for i := 1; i < len(all); i++ {
		before, this := all[i-1], all[i]
		p.unless(before.To().Less(this.From()), this.path, "%s has addresses of %s, which stands at %s", this.IPRange, before.IPRange, before.path)
	}
}

func sizeOf(r netipx.IPRange) int {
	a, b := r.From().As4(), r.To().As4()
	number := func(x [4]byte) int { return int(x[1])<<16 | int(x[2])<<8 | int(x[3]) }
	return number(b) - number(a) + 1
}

func (p *problems) memory(path string, m Memory) {
	p.unless(m.Share > 0 && m.Share <= 1, path+".share", "%v is no share, which is more than 0 and at most 1", m.Share)
	for _, n := range []struct {
		path  string
		bytes float64
	}{{"free", float64(m.Free)}, {"each", m.Each}, {"processes", float64(m.Processes)}, {"largest", float64(m.Largest)}} {
		p.unless(n.bytes >= 0 && n.bytes < math.MaxInt64, path+"."+n.path, "%v is no number of bytes", n.bytes)
	}
	p.unless(m.Each == 0 || m.By != "", path+".by", "it is missing, though each is %v", m.Each)
	p.unless(m.Largest <= m.Processes, path+".largest", "%d is more than that of all processes, which is %d", m.Largest, m.Processes)
	p.unless(printable(m.By) == m.By, path+".by", "%q holds control characters", m.By)
	for i, a := range m.Accounts {
		p.unless(a.Name != "" && printable(a.Name) == a.Name, fmt.Sprintf("%s.accounts[%d].name", path, i), "%q is no name of an account", a.Name)
	}
}

// extrapolation demands that it is what follows from the rest, and nothing else.
func (p *problems) extrapolation(path string, c Capacity) {
	want := c.Extrapolated()
	switch {
	case want == nil:
		p.unless(c.Extrapolation == nil, path, "there is nothing to extrapolate from: %d were held", c.Held)
	case c.Extrapolation == nil:
		p.add(path, "it is missing, though %d were held", c.Held)
	default:
		got := *c.Extrapolation
		p.unless(got.Listeners == want.Listeners, path+".listeners", "%d is not %d", got.Listeners, want.Listeners)
		p.unless(near(float64(got.Bytes), float64(want.Bytes)), path+".bytes", "%d does not follow from memory.each, by which it is %d", got.Bytes, want.Bytes)
		p.unless(near(got.Seconds, want.Seconds), path+".seconds", "%v does not follow from seconds and held, by which it is %v", got.Seconds, want.Seconds)
		p.unless(near(got.Slowing, want.Slowing), path+".slowing", "%v does not follow from seconds and first_half, by which it is %v", got.Slowing, want.Slowing)
		p.unless(got.Processes == want.Processes, path+".processes", "%d does not follow from full, by which it is %d", got.Processes, want.Processes)
	}
}

// near allows for what rounding does.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(math.Abs(a), math.Abs(b)) }
