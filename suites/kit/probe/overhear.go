package probe

import (
	"bytes"
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Overhear sends a datagram to an address and tells whether a socket that is bound to another
// address, and to the port the datagram is for, receives it. The marker is a second datagram from
// the same client, for the very address that the socket is bound to: once it is there, what was
// sent before it would be there. Both are sent twice, so that one marker that overtook a datagram
// is no evidence. Lost means that the markers came and nothing else.
func Overhear(h *host.Host, variant string, to, at netip.Addr, options ...Option) observation.Observation {
	p := Begin(h, "send", "udp", variant, to.String())
	server, bound, err := ListenOn(p.Stack, sock.UDP, netip.AddrPortFrom(at, 0))
	if err != nil {
		return p.End(err)
	}
	p.Keep(server)
	client, err := p.Socket(sock.FamilyOf(to), sock.UDP)
	if err == nil {
		err = Set(client, options)
	}
	if err != nil {
		return p.End(err)
	}
	wait := h.Wait
	if h.Markers[host.Marker{Proto: "udp", To: at}] {
		wait = Lull(h, at)
	}
	nonce := Nonce(h)
	for range 2 {
		marker := Nonce(h)
		if err := client.SendTo(nonce, netip.AddrPortFrom(to, bound.Port())); err != nil {
			return p.End(err)
		}
		if err := client.SendTo(marker, bound); err != nil {
			return p.End(err)
		}
		for {
			m, err := server.Recv(NonceSize, wait)
			switch {
			case err != nil: // not even the marker came
				return p.End(err)
			case bytes.Equal(m.Data, nonce):
				return p.Source(m.From.Addr(), to).End(nil)
			}
			if bytes.Equal(m.Data, marker) {
				break
			}
		}
	}
	return p.End(ErrLost)
}
