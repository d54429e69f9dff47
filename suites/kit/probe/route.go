package probe

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// discard is the port of RFC 863; nothing is ever sent to it.
const discard = 9

// Route connects a UDP socket to an address, which sends nothing and tells whether the system would
// send there. The error is that of the observation.
func Route(h *host.Host, to netip.Addr) (observation.Observation, error) {
	p := Begin(h, "connect", "udp", "", to.String())
	s, err := p.Socket(sock.FamilyOf(to), sock.UDP)
	if err == nil {
		err = s.Connect(netip.AddrPortFrom(to, discard), h.Wait)
	}
	return p.End(err), err
}
