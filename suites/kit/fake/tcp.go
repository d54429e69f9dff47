package fake

import (
	"hash/fnv"
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func (s *socket) Listen(backlog int) error {
	leave, err := s.enter("listen")
	defer leave()
	switch {
	case err != nil:
		return err
	case s.kind != sock.TCP:
		return s.m.fail("listen", "EOPNOTSUPP")
	case s.peer.IsValid():
		return s.m.fail("listen", "EINVAL")
	}
	if errno := s.seat(); errno != Works {
		return s.m.fail("listen", errno)
	}
	s.backlog = max(1, backlog)
	if s.m.MaxBacklog > 0 {
		s.backlog = min(s.backlog, s.m.MaxBacklog)
	}
	return nil
}

// seat says whether the socket may listen, and gives it a port if it has none.
func (s *socket) seat() Fate {
	switch {
	case s.m.MaxListeners > 0 && s.m.listening() >= s.m.MaxListeners:
		return "ENOBUFS"
	case s.local.Port() == 0:
		return s.settle()
	default:
		return s.conflict(true)
	}
}

func (m *Machine) listening() int {
	n := 0
	for _, s := range m.open {
		if s.backlog > 0 {
			n++
		}
	}
	return n
}

func (s *socket) Accept(wait time.Duration) (sock.Socket, netip.AddrPort, error) {
	leave, err := s.enter("accept")
	defer leave()
	switch {
	case err != nil:
		return nil, netip.AddrPort{}, err
	case s.kind != sock.TCP:
		return nil, netip.AddrPort{}, s.m.fail("accept", "EOPNOTSUPP")
	case s.backlog == 0:
		return nil, netip.AddrPort{}, s.m.fail("accept", "EINVAL")
	case len(s.waiting) == 0:
		return nil, netip.AddrPort{}, s.m.timeout("accept", wait)
	}
	c := s.waiting[0]
	s.waiting = s.waiting[1:]
	return c, c.peer, nil
}

func (s *socket) Connect(to netip.AddrPort, wait time.Duration) error {
	leave, err := s.enter("connect")
	defer leave()
	if err == nil {
		err = s.fits("connect", to.Addr())
	}
	switch {
	case err != nil:
		return err
	case s.kind != sock.TCP:
		return s.failOr("connect", s.fix(to))
	case s.backlog > 0 || s.peer.IsValid():
		return s.m.fail("connect", "EISCONN")
	}
	errno := s.dial(to)
	if errno == Silent || errno == "ECONNREFUSED" && wait < s.m.RefusalTakes {
		return s.m.timeout("connect", wait)
	}
	if errno == "ECONNREFUSED" {
		s.m.waited += s.m.RefusalTakes
	}
	return s.failOr("connect", errno)
}

func (s *socket) failOr(op string, errno Fate) error {
	if errno == Works {
		return nil
	}
	return s.m.fail(op, errno)
}

// dial makes a TCP connection.
func (s *socket) dial(to netip.AddrPort) Fate {
	if !s.explicit {
		s.local = netip.AddrPortFrom(wildcard(s.family), 0)
	}
	w, errno := s.way(to)
	if errno == Works {
		errno = w.Connect
	}
	if errno != Works {
		return errno
	}
	from, errno := s.depart(w)
	if errno != Works {
		return errno
	}
	server := s.m.listener(from, w)
	switch {
	case server != nil && len(server.waiting) > server.backlog:
		errno = Silent // the SYN is dropped (Linux: tcp_conn_request)
	case server != nil:
		s.join(server.child(from, w.at), from, w.to)
		return Works
	case from == w.at && s.m.SelfConnect == Works:
		s.join(s, from, w.to)
		return Works
	case from == w.at:
		errno = s.m.SelfConnect
	case s.m.BoundSilent && s.m.bound(w):
		errno = Silent
	default:
		errno = w.closed()
	}
	if !s.explicit { // the port is free again, and getsockname still shows it
		s.release()
		s.local = s.shown(from)
	}
	s.ended = errno != Silent
	return errno
}

// bound reports whether a socket that was bound by bind, and does not listen, holds the address and
// port where this goes.
func (m *Machine) bound(w way) bool {
	return len(m.best(port{sock.TCP, w.at.Port()}, func(s *socket) int {
		if !s.explicit || s.peer.IsValid() {
			return 0
		}
		return s.takes(w)
	})) > 0
}

// closed is what comes back from a port without a socket.
func (w way) closed() Fate {
	if w.Closed == Works {
		return "ECONNREFUSED"
	}
	return w.Closed
}

// depart gives the local address and port of a connection that this socket makes, and finds a port
// if it has none.
func (s *socket) depart(w way) (netip.AddrPort, Fate) {
	unique := func(n uint16) bool {
		_, exists := s.m.flows[flow{netip.AddrPortFrom(w.from, n), w.to}]
		return !exists
	}
	n := s.local.Port()
	if n == 0 {
		var found bool
		n, found = s.m.ephemeral(func(n uint16) bool {
			for _, other := range s.m.ports[port{sock.TCP, n}] {
				if other.explicit {
					return false
				}
			}
			return unique(n)
		})
		if !found {
			return netip.AddrPort{}, "EADDRNOTAVAIL"
		}
		s.local = netip.AddrPortFrom(s.local.Addr(), n)
		s.hold()
	} else if !unique(n) {
		return netip.AddrPort{}, s.m.PortTaken
	}
	return netip.AddrPortFrom(w.from, n), Works
}

// join connects two ends.
func (s *socket) join(far *socket, from, to netip.AddrPort) {
	if s.m.flows == nil {
		s.m.flows = map[flow]*socket{}
	}
	s.m.flows[flow{from, to}] = s
	s.local, s.peer = s.shown(from), s.shown(to)
	s.far, far.far = far, s
}

// child is the server's end of a new connection, in the server's backlog.
func (s *socket) child(from, at netip.AddrPort) *socket {
	c := s.m.newSocket(s.owner, s.family, sock.TCP)
	for o, v := range s.options {
		c.options[o] = v
	}
	c.local, c.peer = s.shown(at), s.shown(from)
	s.waiting = append(s.waiting, c)
	return c
}

// listener is the socket that a connection reaches: the one whose address fits best; among equals
// the last one, or with Spread the one that the flow's hash chooses.
func (m *Machine) listener(from netip.AddrPort, w way) *socket {
	best := m.best(port{sock.TCP, w.at.Port()}, func(s *socket) int {
		if s.backlog == 0 {
			return 0
		}
		return s.takes(w)
	})
	return m.choose(best, from, w.at)
}

// takes says how well a socket's address matches what goes this way (see covers).
func (s *socket) takes(w way) int {
	n := s.covers(w.at.Addr())
	switch {
	case n == 0, w.BoundOnly && s.local.Addr().IsUnspecified():
		return 0
	case s.m.WildcardWins:
		return bound + 1 - n
	default:
		return n
	}
}

// best lists the sockets of a port with the highest score above 0, in the order of their binds.
func (m *Machine) best(p port, score func(*socket) int) []*socket {
	var out []*socket
	top := 1
	for _, s := range m.ports[p] {
		n := score(s)
		if n > top {
			out, top = nil, n
		}
		if n == top {
			out = append(out, s)
		}
	}
	return out
}

func (m *Machine) choose(equal []*socket, from, at netip.AddrPort) *socket {
	switch {
	case len(equal) == 0:
		return nil
	case m.Spread && equal[0].has(sock.ReusePort):
		h := fnv.New32a()
		_, _ = h.Write([]byte(from.String() + at.String())) // a hash takes everything
		return equal[h.Sum32()%uint32(len(equal))]
	default:
		return equal[len(equal)-1]
	}
}
