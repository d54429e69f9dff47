package probe

import (
	"bytes"
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

// Before reads from a UDP socket until the datagram with the last payload arrives, and gives the one with the payload
// that came before it. If there was none, it is Lost: the last one was sent after it, to the same socket, and arrived.
func (p *Probe) Before(s sock.Socket, payload, last []byte) (sock.Message, error) {
	traced := sock.TraceSocket(s, p.t)
	var found sock.Message
	for {
		m, err := traced.Recv(len(last), p.h.Wait)
		switch {
		case err != nil: // not even the last one came
			return m, err
		case bytes.Equal(m.Data, payload):
			found = m
		case !bytes.Equal(m.Data, last): // somebody else's
		case found.Data == nil:
			return m, ErrLost
		default:
			return found, nil
		}
	}
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
