package host

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// inside keeps a pinger from what the guard keeps sockets from: a request to a loopback address
// that this host would route off itself. Its own sockets are not the kit's.
func inside(p Pinger) Pinger {
	if p == nil {
		return nil
	}
	return insidePinger{p}
}

type insidePinger struct{ Pinger }

func (p insidePinger) Echo(to netip.Addr, wait time.Duration) (netip.Addr, error) {
	if way := netif.Leads(sock.Packet{Type: sock.Ping, To: netip.AddrPortFrom(to, 0)}); way != "" {
		return netip.Addr{}, &sock.Error{Op: "ping", Outcome: observation.WouldLeave, Err: fmt.Errorf("%w: %s would leave %s", sock.ErrGuard, to, way)}
	}
	return p.Pinger.Echo(to, wait)
}
