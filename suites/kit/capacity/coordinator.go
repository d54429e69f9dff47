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

// coordinator gives out addresses to the holders, and keeps who holds what.
type coordinator struct {
	Plan
	progress *Progress
	now      func() time.Time
	port     uint16
	free     int64  // at the start, 0 if the system does not say
	spare    spares // of the clients, for when there is no other descriptor left

	before     []Reading
	cost       int64 // at the start, of the account that listeners are paid from
	counted    int   // TCP sockets at the start
	countKnown bool
	begun      time.Time

	mu       sync.Mutex // guards everything below; taken once for thousands of addresses
	next     sweep.Offset
	rest     []Range // given out, and not tried
	promised int     // listeners that are held or under way
	held     int
	missed   []Failure
	stop     *Stop
	holders  []*holder
	way      []milestone
}

// milestone is how many were held when.
type milestone struct {
	held  int
	at    time.Time
	cost  int64 // of the account that listeners are paid from
	known bool
}

// holder is a holder and what it holds.
type holder struct {
	Holder
	parts []Range
	held  int
	full  bool
}

// begin finds a port, keeps descriptors for the clients, and starts the first holders, so that what
// they cost is no part of what listeners cost.
func (c *coordinator) begin() (err error) {
	if c.port, err = sweep.FreePort(c.Stack, sock.TCP); err != nil {
		return err
	}
	c.spare.take(c.Stack, alongside)
	c.free, _ = c.Gauge.Free()
	c.progress.Goal.Store(int64(c.Most))
	for range c.Workers {
		h, err := c.Start()
		if err != nil {
			if len(c.holders) > 0 {
				break // fill will come to it again
			}
			return err
		}
		c.holders = append(c.holders, &holder{Holder: h})
	}
	c.before = c.Gauge.Accounts()
	c.counted, c.countKnown = c.Gauge.Sockets()
	c.cost, _, _ = c.Gauge.Cost()
	c.begun = c.now()
	return nil
}

// fill lets the holders listen, side by side, until something stops them. There is one holder for
// each worker at a time; the next is started when that can hold no more.
func (c *coordinator) fill(ctx context.Context) {
	var all sync.WaitGroup
	for _, h := range c.holders {
		all.Go(func() {
			for h != nil && c.work(ctx, h) {
				h = c.another()
			}
		})
	}
	all.Wait()
	c.halt(Block, nil)
}

// work fills one holder and reports whether another may go on.
func (c *coordinator) work(ctx context.Context, h *holder) bool {
	for {
		r, more := c.take(ctx)
		if !more {
			return false
		}
		l, err := h.Listen(r.From, r.N, c.port)
		if !c.took(h, r, l, err) {
			return h.full && !c.stopped()
		}
	}
}

// take gives out addresses, unless something forbids more of them.
func (c *coordinator) take(ctx context.Context) (r Range, more bool) {
	forbidden := c.forbidden(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		return r, false
	}
	if forbidden == nil && c.promised >= c.Most {
		if c.held < c.Most { // the others may come short of what was promised
			return r, false
		}
		forbidden = &Stop{Limit: Count}
		if c.Most == Whole {
			forbidden.Limit = Block
		}
	}
	if forbidden != nil {
		c.stop = forbidden
		return r, false
	}
	if n := len(c.rest); n > 0 {
		r, c.rest = c.rest[n-1], c.rest[:n-1]
	} else if c.next <= last {
		r = Range{c.next, min(chunk, int(last-c.next)+1)}
		c.next = r.end()
	}
	if left := c.Most - c.promised; r.N > left {
		c.rest = append(c.rest, Range{r.From + sweep.Offset(left), r.N - left})
		r.N = left
	}
	c.promised += r.N
	return r, r.N > 0
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
	// What is pinned by a listener may still count as memory that could be given back (Linux: the
	// inodes of sockets).
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

// took notes what a holder holds now, and reports whether it can go on.
func (c *coordinator) took(h *holder, r Range, l Listened, err error) bool {
	now := milestone{at: c.now()}
	now.cost, _, now.known = c.Gauge.Cost()
	listening, tried := l.counts()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.promised -= r.N - listening
	if err != nil {
		c.lose(h, err)
		return false
	}
	if tried < r.N {
		c.rest = append(c.rest, Range{r.From + sweep.Offset(tried), r.N - tried})
	}
	c.held += listening
	c.progress.Held.Store(int64(c.held))
	c.missed = append(c.missed, l.Failures...)
	h.held += listening
	h.parts = append(h.parts, l.Held...)
	now.held = c.held
	c.way = append(c.way, now)
	if l.Stopped == nil {
		return c.stop == nil
	}
	b, limit := boundOf(l.Stopped)
	h.full = b == ofProcess
	if b == ofSystem || h.held == 0 { // a fresh process that can't hold one: the next can't either
		c.stopFor(limit, l.Stopped)
	}
	return false
}

// lose notes that a holder does not answer any more; what it held is gone.
func (c *coordinator) lose(h *holder, err error) {
	had := h.held
	c.held -= had
	c.promised -= had
	h.held, h.parts = 0, nil
	c.progress.Held.Store(int64(c.held))
	c.stopFor(Ended, fmt.Errorf("a process that held %d listeners is gone: %w", had, err))
}

// stopFor stops everything, for the first reason that there is. It is called under the lock, halt
// is not.
func (c *coordinator) stopFor(limit Limit, err error) {
	if c.stop == nil {
		c.stop = &Stop{limit, err}
	}
}

func (c *coordinator) halt(limit Limit, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopFor(limit, err)
}

func (c *coordinator) stopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stop != nil
}

// another starts one more holder; nil if there is none to be had.
func (c *coordinator) another() *holder {
	c.mu.Lock()
	n := len(c.holders)
	c.mu.Unlock()
	if n >= MostProcesses {
		c.halt(Most, nil)
		return nil
	}
	started, err := c.Start()
	if err != nil {
		c.halt(Processes, err)
		return nil
	}
	h := &holder{Holder: started}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holders = append(c.holders, h)
	return h
}

// end closes everything.
func (c *coordinator) end() {
	c.spare.release()
	var all sync.WaitGroup
	for _, h := range c.holders {
		all.Go(func() { _ = h.End() })
	}
	all.Wait()
}

// memory adds up that of the holders. One that has ended meanwhile is lost with all that it held,
// which weighs more than whatever stopped the others.
func (c *coordinator) memory() (sum, largest int64) {
	for _, h := range c.holders {
		n, err := h.Memory()
		if errors.Is(err, errEnded) && h.held > 0 {
			c.stop = nil
			c.lose(h, err)
		}
		sum += n
		largest = max(largest, n)
	}
	return sum, largest
}
