package probe

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// ErrLost is the result of a probe whose datagram was asked for twice and did not arrive though markers did.
var ErrLost = &sock.Error{Op: "recvmsg", Outcome: observation.Lost}

// ask is one datagram on its way.
type ask struct {
	*Probe
	target   netip.Addr
	send     func() error
	err      error
	where    string // what went astray
	answered bool
}

// collect sends all asks and reads what has arrived. If something has not, it reads again after a marker until nothing
// is left. What did not arrive is asked once more, and what still does not come although the second marker did is lost.
// The last read waits for a lull, because not every stack keeps the order between sockets.
//
// read takes one datagram, waiting at most this long, and marks the ask it belongs to as answered; it returns an error
// when there is nothing to read.
func collect(h *host.Host, asks []*ask, read func(wait time.Duration) error) {
	for round := range 2 {
		sent := false
		for _, a := range asks {
			if a.err == nil && !a.answered {
				a.err = a.send()
				sent = sent || a.err == nil
			}
		}
		if !sent {
			return
		}
		for pending(asks) && read(0) == nil {
		}
		if !pending(asks) {
			return
		}
		Marker(h, asks[0].target)
		for pending(asks) {
			wait := time.Duration(0)
			if round == 1 {
				wait = Lull(h, asks[0].target)
			}
			if read(wait) != nil {
				break
			}
		}
	}
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
	default:
		return a.End(nil)
	}
}
