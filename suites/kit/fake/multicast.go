package fake

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// members lists the sockets that receive what another sends to a multicast group: those that joined
// it on the outgoing interface (RFC 1112 6.1, RFC 4291 2.7).
func (m *Machine) members(sender *socket, w way) []*socket {
	if !sender.has(sock.MulticastLoop) && !m.LoopsAnyway {
		return nil
	}
	joined := membership{w.at.Addr(), sender.options[sock.MulticastIf]}
	var out []*socket
	for _, s := range m.ports[port{sock.UDP, w.at.Port()}] {
		if s.covers(w.at.Addr()) > 0 && slices.Contains(s.groups, joined) {
			out = append(out, s)
		}
	}
	return out
}
