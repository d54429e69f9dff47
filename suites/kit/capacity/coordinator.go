package capacity

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

func (p Plan) complete() Plan {
	if p.Most <= 0 || p.Most > Whole {
		p.Most = Whole
	}
	if p.Share <= 0 || p.Share > 1 {
		p.Share = HalfOfFree
	}
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	if p.Gauge == nil {
		p.Gauge = Machine()
	}
	if p.Start == nil {
		p.Start = Process
	}
	if p.Stack == nil {
		p.Stack = sock.Guard(sock.Kernel(), 0, netif.Leads)
	}
	return p
}

// coordinator gives out addresses to the owners, and knows who holds what.
type coordinator struct {
	Plan
	progress *Progress
	now      func() time.Time
	port     uint16
	free     int64 // at the start, 0 if nobody says
	spare    []sock.Socket

	before     []Reading
	cost       int64 // at the start, of the account that listeners are paid from
	counted    int   // TCP sockets at the start
	countKnown bool
	begun      time.Time

	mu       sync.Mutex // guards everything below; taken once for thousands of addresses
	next     sweep.Offset
	rest     []stretch // given out, and not tried
	promised int       // listeners that are held or under way
	held     int
	missed   []Failure
	stop     *Stop
	owners   []*owned
	way      []milestone
}

// stretch is a range of addresses.
type stretch struct {
	from sweep.Offset
	n    int
}

// milestone is how many were held when.
type milestone struct {
	held  int
	at    time.Time
	cost  int64 // of the account that listeners are paid from
	known bool
}

// owned is an owner and what it holds.
type owned struct {
	Owner
	parts []stretch
	held  int
	full  bool
}

// begin finds a port, keeps descriptors for the clients, and starts the first owners, so that what they cost is no part of
// what listeners cost.
func (c *coordinator) begin() error {
	if err := c.choose(); err != nil {
		return err
	}
	c.reserve()
	c.free, _ = c.Gauge.Free()
	c.progress.Goal.Store(int64(c.Most))
	for range c.Workers {
		o, err := c.Start()
		if err != nil {
			if len(c.owners) > 0 {
				break // fill will come to it again
			}
			return err
		}
		c.owners = append(c.owners, &owned{Owner: o})
	}
	c.before = c.Gauge.Accounts()
	c.counted, c.countKnown = c.Gauge.Sockets()
	c.cost, _, _ = c.Gauge.Cost()
	c.begun = c.now()
	return nil
}

func (c *coordinator) choose() (err error) {
	c.port, err = sweep.FreePort(c.Stack, sock.TCP)
	return err
}

// reserved is how many descriptors are kept for the clients, for when there is no other left.
const reserved = alongside

func (c *coordinator) reserve() {
	for range reserved {
		s, err := c.Stack.Socket(sock.Inet, sock.TCP)
		if err != nil {
			return // the clients will say what it is that they lack
		}
		c.spare = append(c.spare, s)
	}
}

func (c *coordinator) giveBack() {
	for _, s := range c.spare {
		_ = s.Close()
	}
	c.spare = nil
}

// fill lets the owners listen, side by side, until something stops them. There is one owner for each worker at a time;
// the next is started when that can hold no more.
func (c *coordinator) fill(ctx context.Context) {
	var all sync.WaitGroup
	for _, o := range c.owners {
		all.Go(func() {
			for o != nil && c.work(ctx, o) {
				o = c.another()
			}
		})
	}
	all.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop == nil {
		c.stop = &Stop{Limit: Block}
	}
}

// work fills one owner and says whether another may go on.
func (c *coordinator) work(ctx context.Context, o *owned) bool {
	for {
		s, more := c.take(ctx)
		if !more {
			return false
		}
		h, err := o.Hold(s.from, s.n, c.port)
		if !c.took(o, s, h, err) {
			return h.Stopped != nil && err == nil && !c.stopped()
		}
	}
}

// take gives out addresses, unless something forbids more of them.
func (c *coordinator) take(ctx context.Context) (s stretch, more bool) {
	forbidden := c.forbidden(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		return s, false
	}
	if forbidden == nil && c.promised >= c.Most {
		if c.held < c.Most { // the others may come short of what was promised
			return s, false
		}
		forbidden = &Stop{Limit: Count}
		if c.Most == Whole {
			forbidden.Limit = Block
		}
	}
	if forbidden != nil {
		c.stop = forbidden
		return s, false
	}
	if n := len(c.rest); n > 0 {
		s, c.rest = c.rest[n-1], c.rest[:n-1]
	} else if c.next <= last {
		s = stretch{c.next, min(chunk, int(last-c.next)+1)}
		c.next += sweep.Offset(s.n)
	}
	if left := c.Most - c.promised; s.n > left {
		c.rest = append(c.rest, stretch{s.from + sweep.Offset(left), s.n - left})
		s.n = left
	}
	c.promised += s.n
	return s, s.n > 0
}

// forbidden says what forbids more listeners; nil if nothing does.
func (c *coordinator) forbidden(ctx context.Context) *Stop {
	if ctx.Err() != nil {
		return &Stop{Limit: Interrupted}
	}
	if left, of, known := c.Gauge.Files(); known && left < of/10 {
		return &Stop{Limit: OpenFiles, Err: fmt.Errorf("%d files of %d can still be opened, which others need", left, of)}
	}
	free, known := c.Gauge.Free()
	if c.free == 0 || !known {
		if c.progress.Held.Load() >= mostBlindly {
			return &Stop{Limit: NoAccount}
		}
		return nil
	}
	// What is pinned by a listener may still count as memory that could be given back (Linux: the inodes of sockets).
	if cost, _, known := c.Gauge.Cost(); known {
		free = min(free, c.free-(cost-c.cost))
	}
	floor := c.free - int64(float64(c.free)*c.Share)
	if free <= floor {
		return &Stop{Limit: Memory}
	}
	if held := c.progress.Held.Load(); held >= 10*chunk && free < c.free { // before, the figure would jump about
		c.progress.Goal.Store(min(int64(c.Most), held+int64(float64(free-floor)*float64(held)/float64(c.free-free))))
	}
	return nil
}

// took notes what an owner holds now, and says whether it can go on.
func (c *coordinator) took(o *owned, s stretch, h Holding, err error) bool {
	now := milestone{at: c.now()}
	now.cost, _, now.known = c.Gauge.Cost()
	c.mu.Lock()
	defer c.mu.Unlock()
	failed := h.Failed()
	listening := h.Tried - failed
	c.promised -= s.n - listening
	if h.Tried < s.n && err == nil {
		c.rest = append(c.rest, stretch{s.from + sweep.Offset(h.Tried), s.n - h.Tried})
	}
	if err != nil {
		c.fail(o, err)
		return false
	}
	c.held += listening
	c.progress.Held.Store(int64(c.held))
	c.missed = append(c.missed, h.Failures...)
	o.add(s.from, h)
	now.held = c.held
	c.way = append(c.way, now)
	if h.Stopped == nil {
		return c.stop == nil
	}
	b, limit := boundOf(h.Stopped)
	o.full = b == ofProcess
	if b == ofSystem || o.held == 0 { // a fresh process that can't hold one: the next can't either
		c.halt(limit, h.Stopped)
	}
	return false
}

// fail notes that an owner does not answer any more; what it held is gone.
func (c *coordinator) fail(o *owned, err error) {
	had := o.held
	c.held -= had
	c.promised -= had
	o.held, o.parts = 0, nil
	c.progress.Held.Store(int64(c.held))
	c.halt(Ended, fmt.Errorf("a process that held %d listeners is gone: %w", had, err))
}

// halt stops everything, for the first reason that there is.
func (c *coordinator) halt(limit Limit, err error) {
	if c.stop == nil {
		c.stop = &Stop{limit, err}
	}
}

func (c *coordinator) stopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stop != nil
}

// add notes what was tried and did not fail.
func (o *owned) add(from sweep.Offset, h Holding) {
	end := from + sweep.Offset(h.Tried)
	for _, f := range h.Failures {
		o.addRange(from, f.From)
		from = f.From + sweep.Offset(f.N)
	}
	o.addRange(from, end)
}

func (o *owned) addRange(from, to sweep.Offset) {
	if to <= from {
		return
	}
	n := int(to - from)
	o.held += n
	if i := len(o.parts) - 1; i >= 0 && o.parts[i].from+sweep.Offset(o.parts[i].n) == from {
		o.parts[i].n += n
		return
	}
	o.parts = append(o.parts, stretch{from, n})
}

// another starts one more owner; nil if there is none to be had.
func (c *coordinator) another() *owned {
	c.mu.Lock()
	n := len(c.owners)
	c.mu.Unlock()
	if n >= MostProcesses {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.halt(Most, nil)
		return nil
	}
	o, err := c.Start()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.halt(Processes, err)
		return nil
	}
	next := &owned{Owner: o}
	c.owners = append(c.owners, next)
	return next
}

// end lets go of everything.
func (c *coordinator) end() {
	c.giveBack()
	var all sync.WaitGroup
	for _, o := range c.owners {
		all.Go(func() { _ = o.Close() })
	}
	all.Wait()
}

// own adds up the memory of the owners. One that does not answer has ended meanwhile, with all that it held.
func (c *coordinator) own() (sum, largest int64) {
	for _, o := range c.owners {
		n, err := o.Own()
		if err != nil {
			c.ended(o, err)
			continue
		}
		sum += n
		largest = max(largest, n)
	}
	return sum, largest
}

// ended notes at the end that an owner is gone, which weighs more than whatever stopped the others.
func (c *coordinator) ended(o *owned, err error) {
	if !errors.Is(err, errEnded) || o.held == 0 {
		return
	}
	c.stop = nil
	c.fail(o, err)
}
