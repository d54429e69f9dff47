package probe

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// Expect reads from a UDP socket until a datagram with this payload arrives. If there is none yet, it reads again after
// a marker, and at last for sock.Impatience, because not every stack keeps the order between sockets; what has not
// arrived then is Lost.
func (p *Probe) Expect(s sock.Socket, payload []byte) (sock.Message, error) {
	traced := sock.TraceSocket(s, p.t)
	m, err := await(traced, payload, 0)
	if sock.OutcomeOf(err) != observe.Timeout {
		return m, err
	}
	path := host.One
	if s.Family() == sock.Inet6 {
		path = host.One6
	}
	Marker(p.h, path)
	m, err = await(traced, payload, sock.Impatience)
	if sock.OutcomeOf(err) == observe.Timeout {
		return m, ErrLost
	}
	return m, err
}

// Before reads from a UDP socket until the datagram with this payload arrives, or the one with the last payload, which
// was sent afterwards to the same socket: then the first one is Lost.
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
	if h.Markers[a] {
		return min(h.Wait, sock.Impatience)
	}
	return h.Wait
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
