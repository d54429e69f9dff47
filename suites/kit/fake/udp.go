package fake

import (
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// fix is connect(2) of a datagram socket: it sends nothing, and fixes the peer and the source.
func (s *socket) fix(to netip.AddrPort) Fate {
	if errno := s.autobind(); errno != Works {
		return errno
	}
	w, errno := s.way(to)
	if errno == Works {
		errno = w.Route
	}
	if errno != Works {
		return errno
	}
	s.local = s.shown(netip.AddrPortFrom(w.from, s.local.Port()))
	s.peer = s.shown(w.to)
	if a := to.Addr(); a.Zone() != "" && a.IsLinkLocalUnicast() {
		s.peer = netip.AddrPortFrom(s.peer.Addr().WithZone(a.Zone()), to.Port())
	}
	return Works
}

// autobind gives a port to a socket that sends without having been bound.
func (s *socket) autobind() Fate {
	if s.local.Port() != 0 || s.kind == sock.RawICMP || s.kind == sock.Ping && s.m.EchoKeepsID {
		return Works // an ICMP socket has no port; Linux keeps the identifier of a datagram ICMP socket there
	}
	errno := s.settle()
	if errno == "EADDRINUSE" {
		return "EAGAIN" // Linux: inet_autobind
	}
	return errno
}

func (s *socket) Send(b []byte) error {
	leave, err := s.enter("send")
	defer leave()
	switch {
	case err != nil:
		return err
	case s.kind == sock.TCP:
		return s.write(b)
	case !s.peer.IsValid():
		return s.m.fail("send", "EDESTADDRREQ")
	}
	return s.send("send", b, s.peer)
}

func (s *socket) SendTo(b []byte, to netip.AddrPort) error {
	leave, err := s.enter("sendto")
	defer leave()
	if err == nil {
		err = s.fits("sendto", to.Addr())
	}
	switch {
	case err != nil:
		return err
	case s.kind == sock.TCP:
		return s.write(b)
	case s.peer.IsValid() && s.m.ConnectedSendTo != Works:
		return s.m.fail("sendto", s.m.ConnectedSendTo)
	}
	return s.send("sendto", b, to)
}

func (s *socket) send(op string, b []byte, to netip.AddrPort) error {
	if s.pending != Works {
		return s.report(op)
	}
	if errno := s.autobind(); errno != Works {
		return s.m.fail(op, errno)
	}
	w, errno := s.way(to)
	if errno == Works && s.kind == sock.UDP {
		errno = w.Send
	} else if errno == Works {
		errno = w.Echo
	}
	if errno == Works && s.kind == sock.UDP && len(b) > s.m.maxDatagram(w.to.Addr()) {
		errno = "EMSGSIZE"
	}
	switch {
	case errno == Silent:
		return nil
	case errno != Works:
		return s.m.fail(op, errno)
	case s.kind == sock.UDP:
		s.deliver(slices.Clone(b), w)
	default:
		s.echo(slices.Clone(b), w)
	}
	return nil
}

func (m *Machine) maxDatagram(to netip.Addr) int {
	if to.Is4() {
		return m.MaxDatagram
	}
	return m.MaxDatagram6
}

// deliver queues a datagram where it belongs.
func (s *socket) deliver(b []byte, w way) {
	from := netip.AddrPortFrom(w.from, s.local.Port())
	var to []*socket
	switch {
	case w.at.Addr().IsMulticast():
		to = s.m.members(s, w)
	case w.Broadcast:
		for _, r := range s.m.ports[port{sock.UDP, w.at.Port()}] {
			if r.hears(from, w) > 0 {
				to = append(to, r)
			}
		}
	default:
		equal := s.m.best(port{sock.UDP, w.at.Port()}, func(r *socket) int { return r.hears(from, w) })
		if one := s.m.choose(equal, from, w.at); one != nil {
			to = []*socket{one}
		} else if s.peer.IsValid() {
			s.pending = s.m.unreachable(w)
		}
	}
	ttl := s.options[sock.TTL]
	if w.at.Addr().IsMulticast() {
		ttl = s.options[sock.MulticastTTL]
	}
	for _, r := range to {
		r.receive(b, from, w.at.Addr(), ttl)
	}
}

// unreachable is the error that a connected socket reports after a port unreachable message.
func (m *Machine) unreachable(w way) Fate {
	switch closed := w.closed(); {
	case closed == Silent:
		return Works
	case closed == "ECONNREFUSED" && m.PortUnreachable != Works:
		return m.PortUnreachable
	default:
		return closed
	}
}

// hears says how well a datagram fits a socket; a connected one hears its peer only, and hears it
// best.
func (s *socket) hears(from netip.AddrPort, w way) int {
	n := s.takes(w)
	if n == 0 || !s.peer.IsValid() {
		return n
	}
	if wire(s.peer) != from {
		if s.m.HearsAll {
			return n
		}
		return 0
	}
	return n + bound
}

// receive queues a datagram.
func (s *socket) receive(b []byte, from netip.AddrPort, to netip.Addr, ttl int) {
	m := sock.Message{Data: b, From: s.shown(from), TTL: -1}
	if s.has(sock.RecvInfo) {
		m.To = s.shown(netip.AddrPortFrom(to, 0)).Addr()
		m.Index = s.m.Network.Lo()
	}
	if s.has(sock.RecvTTL) && (s.family == sock.Inet || to.Is6()) { // an IPv4 packet has no hop limit
		m.TTL = ttl
	}
	s.queue = append(s.queue, m)
}

func (s *socket) Recv(size int, wait time.Duration) (sock.Message, error) {
	leave, err := s.enter("recvmsg")
	defer leave()
	switch {
	case err != nil:
		return sock.Message{}, err
	case s.kind == sock.TCP:
		return s.read(size, wait)
	case s.pending != Works:
		return sock.Message{}, s.report("recvmsg")
	case len(s.queue) == 0:
		return sock.Message{}, s.m.timeout("recvmsg", wait)
	}
	m := s.queue[0]
	s.queue = s.queue[1:]
	m.Data = m.Data[:min(size, len(m.Data))]
	return m, nil
}
