package fake

import (
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// socket is one socket. The machine's lock guards it.
type socket struct {
	m       *Machine
	owner   process
	family  sock.Family
	kind    sock.Type
	options map[sock.Option]int
	groups  []membership
	closed  bool

	local    netip.AddrPort // as getsockname shows it
	explicit bool           // bound by bind, not by a connect or a send
	peer     netip.AddrPort // as getpeername shows it
	pending  Fate           // the error that the next call reports (SO_ERROR)

	backlog int       // of a listening TCP socket; 0 if it doesn't listen
	waiting []*socket // connections not accepted yet
	far     *socket   // the other end of a TCP connection; itself after a self-connect
	stream  []byte    // what the far end has sent
	ended   bool      // the far end has closed, or refused

	queue []sock.Message // datagrams that arrived
}

// port is what sockets that could conflict share.
type port struct {
	kind   sock.Type
	number uint16
}

// flow is a TCP connection as one of its ends names it.
type flow struct{ local, peer netip.AddrPort }

func (m *Machine) newSocket(owner process, f sock.Family, t sock.Type) *socket {
	s := &socket{m: m, owner: owner, family: f, kind: t, local: netip.AddrPortFrom(wildcard(f), 0),
		options: map[sock.Option]int{sock.TTL: m.DefaultTTL, sock.MulticastTTL: 1, sock.MulticastLoop: 1}}
	if m.V6Only {
		s.options[sock.V6Only] = 1
	}
	m.open = append(m.open, s)
	return s
}

func wildcard(f sock.Family) netip.Addr {
	if f == sock.Inet6 {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}

func (s *socket) Family() sock.Family { return s.family }
func (s *socket) Type() sock.Type     { return s.kind }

func (s *socket) has(o sock.Option) bool { return s.options[o] != 0 }

// enter takes the machine's lock for a call; a closed socket has no calls left.
func (s *socket) enter(op string) (leave func(), err error) {
	s.m.mu.Lock()
	if s.closed {
		err = s.m.fail(op, "EBADF")
	}
	return s.m.mu.Unlock, err
}

// timeout is what a call reports that would have waited in vain. No time passes but the machine's
// own.
func (m *Machine) timeout(op string, wait time.Duration) error {
	m.waited += max(0, wait)
	return sock.TimedOut(op)
}

func (s *socket) Name() (netip.AddrPort, error) {
	leave, err := s.enter("getsockname")
	defer leave()
	return s.local, err
}

func (s *socket) PeerName() (netip.AddrPort, error) {
	leave, err := s.enter("getpeername")
	defer leave()
	if err == nil && !s.peer.IsValid() {
		err = s.m.fail("getpeername", "ENOTCONN")
	}
	return s.peer, err
}

func (s *socket) Close() error {
	leave, err := s.enter("close")
	defer leave()
	if err == nil {
		s.close()
	}
	return err
}

func (s *socket) close() {
	s.closed = true
	s.hangUp()
	for _, c := range s.waiting {
		c.pending = "" // it is never read: what counts is that the client is reset
		c.stream = append(c.stream, 0)
		c.close()
	}
	s.release()
	s.m.open = slices.DeleteFunc(s.m.open, func(o *socket) bool { return o == s })
}

// shown is an address of the wire as a socket of this family names it: IPv4 addresses as
// IPv4-mapped ones on AF_INET6 (RFC 3493 3.7), and link-local ones with their zone.
func (s *socket) shown(a netip.AddrPort) netip.AddrPort {
	switch {
	case s.family == sock.Inet6 && a.Addr().Is4():
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr().As16()), a.Port())
	case a.Addr().IsLinkLocalUnicast() && a.Addr().Is6(): // no link but lo leads to a fake host's link-local addresses
		return netip.AddrPortFrom(a.Addr().WithZone(strconv.Itoa(s.m.Network.Lo())), a.Port())
	default:
		return a
	}
}

// wire is an address as packets carry it: without mapping and zone.
func wire(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// zone is the index of the interface that an address names as its zone, 0 for none (RFC 3493 3.3).
func (m *Machine) zone(a netip.Addr) int {
	if a.Zone() == "" {
		return 0
	}
	if n, err := strconv.Atoi(a.Zone()); err == nil {
		return n
	}
	return m.Network.index(a.Zone())
}
