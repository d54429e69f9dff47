package probe

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// ErrLost is the result of a probe whose datagram was asked for twice and did not arrive though
// markers did.
var ErrLost = &sock.Error{Op: "recvmsg", Outcome: observation.Lost}

// ask is one datagram on its way.
type ask struct {
	*Probe
	target   netip.Addr
	send     func() error
	err      error
	where    string // what went astray
	answered bool
	again    bool // answered when it was asked once more
}

// collection is how the answers of several asks are collected.
type collection struct {
	// read takes one datagram, waiting at most this long, and marks the ask it belongs to as
	// answered; it returns an error when there is nothing to read.
	read func(wait time.Duration) error
	// shared says that the answers come by one socket, whose buffer they may fill: it is read after
	// each is sent.
	shared bool
	// mark waits until what was sent before and could be answered is answered: a marker. If it is
	// nil, Marker does.
	mark func() error
	// alone says that there is no marker: what is asked goes the way of all markers, and is waited
	// for itself.
	alone bool
	// limited says that the system may answer less often than it is asked.
	limited bool
	// once sends everything once, and waits briefly: what is asked is asked several times.
	once bool
}

// collect sends all asks and reads what has arrived. If something has not, it reads again after a
// marker, and waits for a lull, because not every stack keeps the order between sockets. What has
// not arrived then is asked once more: if it comes now, it is Intermittent, otherwise lost.
func (c collection) collect(h *host.Host, asks []*ask) {
	rounds, lull := 2, Lull(h, asks[0].target)
	if c.once {
		rounds, lull = 1, sock.Impatience/5
	}
	for round := range rounds {
		missing := slices.DeleteFunc(slices.Clone(asks), func(a *ask) bool { return a.err != nil || a.answered })
		for _, a := range missing {
			if a.err = a.send(); a.err == nil && c.shared {
				for c.read(0) == nil {
				}
			}
		}
		for pending(missing) && c.read(0) == nil {
		}
		if pending(missing) && !c.marked(h, missing) {
			return
		}
		for _, wait := range []time.Duration{0, lull} {
			for pending(missing) && c.read(wait) == nil {
			}
		}
		for _, a := range missing {
			a.again = round == 1 && a.answered && !c.limited
		}
	}
}

// marked reports whether a marker came back. Where none does, and the asks went the very way of the
// marker, they have had their time.
func (c collection) marked(h *host.Host, missing []*ask) bool {
	switch {
	case c.alone:
		for pending(missing) && c.read(h.Wait) == nil {
		}
		if !pending(missing) {
			return true
		}
	case c.mark == nil:
		Marker(h, missing[0].target)
		return true
	case c.mark() == nil:
		return true
	case slices.ContainsFunc(missing, func(a *ask) bool { return a.target != host.One && a.target != host.One6 }):
		Marker(h, missing[0].target)
		return true
	}
	for _, a := range missing {
		if a.err != nil || a.answered {
			continue
		}
		a.err = sock.TimedOut("recvmsg")
	}
	return false
}

func pending(asks []*ask) bool {
	for _, a := range asks {
		if a.err == nil && !a.answered {
			return true
		}
	}
	return false
}

// end gives the observation of an ask that was collected.
func (a *ask) end() observation.Observation {
	switch {
	case a.err != nil:
		return a.End(a.err)
	case a.where != "":
		return a.Astray(a.where)
	case !a.answered:
		return a.End(ErrLost)
	case a.again:
		return sometimes(a.End(nil), 1, 2)
	default:
		return a.End(nil)
	}
}

// sometimes makes an observation one of something that worked k of n times.
func sometimes(o observation.Observation, k, n int) observation.Observation {
	o.Outcome, o.Value = observation.Intermittent, fmt.Sprintf("%d of %d", k, n)
	return o
}

// Again asks once more, several times, for every target that failed beside one that worked: what
// works then is Intermittent. The observations are those of the targets, in their order; ask makes
// such observations.
func Again(seen observation.Set, targets []netip.Addr, ask func([]netip.Addr) observation.Set) observation.Set {
	good := slices.IndexFunc(seen, func(o observation.Observation) bool { return o.Outcome == observation.OK })
	var failed []int
	for i, o := range seen {
		if o.Outcome != observation.OK && o.Outcome != observation.Intermittent && o.Outcome != observation.Exhausted {
			failed = append(failed, i)
		}
	}
	if good < 0 || len(failed) == 0 {
		return seen
	}
	var asked []netip.Addr
	for _, i := range failed {
		asked = append(asked, targets[i])
	}
	worked := make([]int, len(failed))
	for range goes {
		for n, o := range ask(append(slices.Clone(asked), targets[good])) {
			if n < len(failed) && (o.Outcome == observation.OK || o.Outcome == observation.Intermittent) {
				worked[n]++
			}
		}
	}
	for n, i := range failed {
		if worked[n] > 0 {
			seen[i] = sometimes(seen[i], worked[n], goes+1)
		}
	}
	return seen
}
