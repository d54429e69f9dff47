package probe

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Expect reads from a UDP socket until a datagram with this payload arrives. If there is none yet,
// it reads again after a marker, and at last for a lull, because not every stack keeps the order
// between sockets; what has not arrived then is Lost.
func (p *Probe) Expect(s sock.Socket, payload []byte) (sock.Message, error) {
	traced := sock.TraceSocket(s, p.t)
	m, err := await(traced, payload, 0)
	if sock.OutcomeOf(err) != observation.Timeout {
		return m, err
	}
	path := host.One
	if s.Family() == sock.Inet6 {
		path = host.One6
	}
	Marker(p.h, path)
	m, err = await(traced, payload, Lull(p.h, path))
	if sock.OutcomeOf(err) == observation.Timeout {
		return m, ErrLost
	}
	return m, err
}

// Before reads from a UDP socket until the datagram with this payload arrives, or the one with the
// last payload, which was sent afterwards to the same socket: then the first one is Lost.
func (p *Probe) Before(s sock.Socket, payload, last []byte) (sock.Message, error) {
	traced := sock.TraceSocket(s, p.t)
	for {
		m, err := traced.Recv(len(last), Wait(p.h, host.One))
		switch {
		case err != nil: // not even the last one came
			return m, err
		case bytes.Equal(m.Data, payload):
			return m, nil
		case bytes.Equal(m.Data, last):
			return m, ErrLost
		}
	}
}

// Wait is how long a datagram to an address is waited for: less where not even a marker came back.
func Wait(h *host.Host, a netip.Addr) time.Duration {
	if h.Markers[host.Marker{Proto: "udp", To: a}] {
		return min(h.Wait, sock.Impatience)
	}
	return h.Wait
}

// Lull is how long a datagram to an address is waited for at last, when what was sent after it has
// arrived. It is not sock.Impatience where not even the family's own marker came back: there, a
// host that has lost all of 127.0.0.0/8 would spend a quarter of a second on every single datagram.
// What arrives at all is there by then, after the marker of the other family.
func Lull(h *host.Host, a netip.Addr) time.Duration {
	one := host.One
	if !a.Unmap().Is4() {
		one = host.One6
	}
	if h.Markers[host.Marker{Proto: "udp", To: one}] {
		return sock.Impatience / 5
	}
	return sock.Impatience
}

// await reads datagrams, each for at most wait, until one has this payload.
func await(s sock.Socket, payload []byte, wait time.Duration) (sock.Message, error) {
	for {
		m, err := s.Recv(len(payload), wait)
		if err != nil || bytes.Equal(m.Data, payload) {
			return m, err
		}
	}
}
