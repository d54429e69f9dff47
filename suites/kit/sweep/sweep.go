// Package sweep asks every single address of 127.0.0.0/8, all 16,777,216 of them, where the claims
// ask a sample.
//
// RFC 1122 3.2.1.3(g) and RFC 6890 speak of the whole block, and folklore of 16,777,214 addresses
// that loop back. A sweep takes them at their word: it sends a datagram to each (UDP), binds each
// (Bind), connects to each (TCP) or sends each an echo request (ICMP), and keeps what came back
// from which address.
//
// Nothing is called lost because it did not come at once: every batch is closed by a marker that
// was sent after it, and what has not arrived by then is asked again, each address with a marker of
// its own, as often as the losses of this very host demand (see datagrams.again).
package sweep

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Protocol is what is done to each address.
type Protocol string

// The protocols.
const (
	UDP  Protocol = "udp"  // a datagram sent to it arrives at a socket on 0.0.0.0, with this destination address
	Bind Protocol = "bind" // a UDP socket can be bound to it
	TCP  Protocol = "tcp"  // a connection to it is accepted at a socket on 0.0.0.0, with this local address
	ICMP Protocol = "icmp" // it answers an echo request, as itself
)

// Protocols lists them all.
func Protocols() []Protocol { return []Protocol{UDP, Bind, TCP, ICMP} }

// Known says whether it is one of Protocols.
func (p Protocol) Known() bool {
	for _, k := range Protocols() {
		if p == k {
			return true
		}
	}
	return false
}

// Block is what a whole sweep covers: RFC 1122 3.2.1.3(g), RFC 6890 table 4.
var Block = netip.MustParsePrefix("127.0.0.0/8")

// Plan is one sweep to be made.
type Plan struct {
	Protocol Protocol
	// Prefix is the part of Block to ask.
	Prefix netip.Prefix
	// Broadcast permits sending to broadcast addresses (SO_BROADCAST).
	Broadcast bool
	// Stack opens the sockets; nil stands for the kernel of this machine, with batched calls where
	// it has them.
	Stack sock.Stack
	// Leaving returns the ranges of a prefix whose packets would leave this host, which are not
	// sent. Without it, and with the kernel of this machine, the kernel is asked.
	Leaving func(netip.Prefix, sock.Type) map[netipx.IPRange]string
	// Keep is called every KeepEach with what is known by then, while no address is being asked;
	// what it returns is called once they are asked again. nil keeps nothing.
	Keep func(*Field) (keep func())
	// KeepEach is the time between two calls of Keep.
	KeepEach time.Duration
	// Workers is how many addresses are asked side by side, each worker with sockets of its own; 0
	// is as many as are fastest.
	Workers int
}

// Lanes is how many workers a sweep takes: one for each processor, but one alone for echo requests.
// There two take twice the processor time of one for the same addresses (Linux 6.18: 10 µs instead
// of 5 for each), so they gain nothing.
func (p Plan) Lanes() int {
	switch {
	case p.Workers > 0:
		return p.Workers
	case p.Protocol == ICMP:
		return 1
	default:
		return runtime.GOMAXPROCS(0)
	}
}

// chunk is how many addresses a worker takes at a time: little enough that an interrupt waits for
// milliseconds, and much enough that sharing the work costs nothing.
const chunk = 4096

// lane is one worker's way to ask addresses.
type lane interface {
	// first asks the addresses [from, to) that were not asked yet. What did not arrive stays
	// Missing.
	first(f *Field, from, to Offset) error
	// again asks the missing addresses of [from, to) once more, each with a marker of its own. The
	// last time, what is still missing gets its final outcome.
	again(f *Field, from, to Offset, last bool) error
	// losses is how many datagrams or markers of this lane were lost although their address
	// answers, and of how many.
	losses() (lost, of int)
	close() error
}

// Run asks every address of the plan that the field has no outcome for. The end of the context ends
// it with what has been asked until then; the field can be given to another Run. Done counts the
// addresses that have an outcome, and may be read at any time.
func Run(ctx context.Context, p Plan, f *Field, done *atomic.Int64) error {
	if !p.Prefix.IsValid() || !Block.Overlaps(p.Prefix) || p.Prefix.Bits() < Block.Bits() {
		return fmt.Errorf("%s is no part of %s", p.Prefix, Block)
	}
	from, to := offsets(p.Prefix)
	p.keepInside(f, from, to)
	done.Store(int64(f.Settled(from, to)))
	if !f.has(Unasked, from, to) && !f.has(Missing, from, to) {
		return nil
	}
	lanes, err := p.open()
	if err != nil {
		return err
	}
	defer func() {
		for _, l := range lanes {
			_ = l.close()
		}
	}()
	var asking sync.RWMutex
	defer p.keeping(&asking, f)()
	err = each(ctx, lanes, from, to, func(l lane, from, to Offset) error {
		asking.RLock()
		defer asking.RUnlock()
		before := f.Settled(from, to)
		err := l.first(f, from, to)
		done.Add(int64(f.Settled(from, to) - before))
		return err
	})
	for round := 1; err == nil && f.has(Missing, from, to); round++ {
		last := round >= rounds(lanes)
		if round > 2*mostRounds {
			return errNoMarker
		}
		err = each(ctx, lanes, from, to, func(l lane, from, to Offset) error {
			asking.RLock()
			defer asking.RUnlock()
			if !f.has(Missing, from, to) {
				return nil
			}
			before := f.Settled(from, to)
			err := l.again(f, from, to, last)
			done.Add(int64(f.Settled(from, to) - before))
			return err
		})
	}
	return err
}

// keeping calls Keep every KeepEach until stop is called, which waits for a call under way.
func (p Plan) keeping(asking *sync.RWMutex, f *Field) (stop func()) {
	if p.Keep == nil {
		return func() {}
	}
	tick := time.NewTicker(p.KeepEach)
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			asking.Lock()
			keep := p.Keep(f)
			asking.Unlock()
			keep()
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}

// keepInside settles the addresses of [from, to) to which packets would leave this host. Markers go
// to an address of the kit's own choice, so where that leaves, nothing can be sent.
func (p Plan) keepInside(f *Field, from, to Offset) {
	if p.Leaving == nil && p.Stack == nil {
		p.Leaving = netif.Leaving
	}
	if p.Leaving == nil || p.Protocol == Bind {
		return
	}
	kind := map[Protocol]sock.Type{UDP: sock.UDP, TCP: sock.TCP, ICMP: sock.Ping}[p.Protocol]
	marked := netip.PrefixFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 32)
	code := f.code(Result{Outcome: observation.WouldLeave})
	if len(p.Leaving(marked, kind)) > 0 {
		f.settle(from, to, code)
		return
	}
	for r := range p.Leaving(p.Prefix, kind) {
		first, _ := offsetOf(r.From().As4())
		last, _ := offsetOf(r.To().As4())
		f.settle(first, last+1, code)
	}
}

func (p Plan) open() ([]lane, error) {
	n := p.Lanes()
	lanes := make([]lane, 0, n)
	for range n {
		l, err := p.lane()
		if err != nil {
			for _, open := range lanes {
				_ = open.close()
			}
			return nil, err
		}
		lanes = append(lanes, l)
	}
	return lanes, nil
}

func (p Plan) lane() (lane, error) {
	switch p.Protocol {
	case UDP, ICMP:
		return newDatagrams(p)
	case Bind:
		return newBinder(p)
	case TCP:
		return newStreams(p), nil
	default:
		return nil, fmt.Errorf("%q is no protocol of a sweep", p.Protocol)
	}
}

// each hands out [from, to) in chunks to all lanes, until it is done, one of them fails, or the
// context ends.
func each(ctx context.Context, lanes []lane, from, to Offset, work func(l lane, from, to Offset) error) error {
	var next atomic.Uint32
	next.Store(uint32(from))
	failed := make([]error, len(lanes))
	var stop atomic.Bool
	var all sync.WaitGroup
	for i, l := range lanes {
		all.Go(func() {
			runtime.LockOSThread() // a worker that moves to another processor overtakes its own datagrams
			defer runtime.UnlockOSThread()
			for ctx.Err() == nil && !stop.Load() {
				begin := Offset(next.Add(chunk) - chunk)
				if begin >= to {
					return
				}
				if failed[i] = work(l, begin, min(begin+chunk, to)); failed[i] != nil {
					stop.Store(true)
					return
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// errNoMarker is when what is missing has been asked often enough to be called lost, and the
// markers are lost as well.
var errNoMarker = errors.New("markers do not come back any more, so nothing can be said about what is missing")

// leastRounds is how often an address is asked again on a host that has lost nothing so far.
const leastRounds = 3

// mostRounds bounds what a host that loses most of everything costs.
const mostRounds = 40

// rounds is how often what is missing has to be asked again until a loss that is as frequent as
// this host's is no explanation any more: until less than a thousandth of an address of the block
// would be missing by chance.
func rounds(lanes []lane) int {
	lost, of := 1, 1000 // what was not seen may still be
	for _, l := range lanes {
		a, b := l.losses()
		lost, of = lost+a, of+b
	}
	n, left := 0, float64(Size)
	for rate := float64(lost) / float64(of); left > 1e-3 && n < mostRounds; n++ {
		left *= rate
	}
	return max(n, leastRounds)
}

// Estimate asks a few thousand addresses and tells how long the plan will take at that rate.
// Nothing is kept.
func Estimate(ctx context.Context, p Plan, now func() time.Time) (time.Duration, error) {
	from, to := offsets(p.Prefix)
	try := p
	try.Prefix = netip.PrefixFrom(p.Prefix.Addr(), max(p.Prefix.Bits(), 20)).Masked()
	begun := now()
	var done atomic.Int64
	if err := Run(ctx, try, NewField(), &done); err != nil {
		return 0, err
	}
	tried, upTo := offsets(try.Prefix)
	return now().Sub(begun) * time.Duration(to-from) / time.Duration(upTo-tried), nil
}
