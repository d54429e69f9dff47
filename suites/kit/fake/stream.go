package fake

import (
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// write sends on a TCP connection.
func (s *socket) write(b []byte) error {
	switch {
	case s.pending != Works:
		return s.report("send")
	case s.far == nil:
		return s.m.fail("send", "EPIPE")
	case s.far.closed: // it answers with a reset, and then there is no far end
		s.far = nil
		return nil
	}
	s.far.stream = append(s.far.stream, b...)
	return nil
}

// read takes from a TCP connection; nothing and no error mean that the far end has closed.
func (s *socket) read(size int, wait time.Duration) (sock.Message, error) {
	switch {
	case len(s.stream) > 0:
		n := min(size, len(s.stream))
		data := s.stream[:n:n]
		s.stream = s.stream[n:]
		return sock.Message{Data: data, TTL: -1}, nil
	case s.pending != Works:
		return sock.Message{}, s.report("recvmsg")
	case s.ended:
		return sock.Message{Data: []byte{}, TTL: -1}, nil
	case !s.peer.IsValid():
		return sock.Message{}, s.m.fail("recvmsg", "ENOTCONN")
	default:
		return sock.Message{}, s.m.timeout("recvmsg", wait)
	}
}

// report gives the pending error once.
func (s *socket) report(op string) error {
	errno := s.pending
	s.pending = Works
	return s.m.fail(op, errno)
}

// hangUp ends a TCP connection: orderly, or by a reset if this end leaves something unread (RFC
// 1122 4.2.2.13).
func (s *socket) hangUp() {
	if s.kind != sock.TCP || !s.peer.IsValid() {
		return
	}
	delete(s.m.flows, flow{wire(s.local), wire(s.peer)})
	if s.far == nil || s.far == s {
		return
	}
	linger, set := s.options[sock.Linger]
	if len(s.stream) > 0 || set && linger == 0 {
		s.far.pending, s.far.far = "ECONNRESET", nil
	}
	s.far.ended = true
}
