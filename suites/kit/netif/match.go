package netif

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// longestMatch finds the route that a packet to this address takes by the rule of RFC 1812 5.2.4.3:
// of the routes whose prefix holds the address, that with the longest prefix; of several, the
// first. Without any it is ENETUNREACH.
func longestMatch(all []Route, a netip.Addr) (Route, error) {
	var best Route
	for _, r := range all {
		if r.Destination.Contains(a.WithZone("")) && (!best.Destination.IsValid() || r.Destination.Bits() > best.Destination.Bits()) {
			best = r
		}
	}
	if !best.Destination.IsValid() {
		return Route{}, sock.Errno("find a route", "ENETUNREACH", 0)
	}
	return best, nil
}
