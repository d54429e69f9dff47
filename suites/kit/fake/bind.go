package fake

import (
	"errors"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Holder is a socket as the rules about conflicts see it.
type Holder struct {
	Owner                       process
	Type                        sock.Type
	Family                      sock.Family
	Addr                        netip.Addr // unspecified for a wildcard
	Reuse, ReusePort, Exclusive bool
	Listening, Connected        bool
}

func (s *socket) holder() Holder {
	return Holder{Owner: s.owner, Type: s.kind, Family: s.family, Addr: s.local.Addr().Unmap(), Reuse: s.has(sock.ReuseAddr),
		ReusePort: s.has(sock.ReusePort), Exclusive: s.has(sock.ExclusiveAddr), Listening: s.backlog > 0,
		Connected: s.peer.IsValid()}
}

// sameUser says whether the processes of both belong to one user.
func (h Holder) sameUser(as Holder) bool { return h.Owner.user == as.Owner.user }

// Wildcard says whether it is bound to every address.
func (h Holder) Wildcard() bool { return h.Addr.IsUnspecified() }

var errFamily = errors.New("the address is of another family than the socket")

func (s *socket) fits(op string, a netip.Addr) error {
	if sock.FamilyOf(a) != s.family {
		return &sock.Error{Op: op, Outcome: observation.Invalid, Err: errFamily}
	}
	return nil
}

func (s *socket) Bind(a netip.AddrPort) error {
	leave, err := s.enter("bind")
	defer leave()
	if err == nil {
		err = s.fits("bind", a.Addr())
	}
	if err != nil {
		return err
	}
	if errno := s.bind(a); errno != Works {
		return s.m.fail("bind", errno)
	}
	return nil
}

func (s *socket) bind(a netip.AddrPort) Fate {
	switch errno := s.bindable(a.Addr()); {
	case errno != Works:
		return errno
	case s.kind == sock.RawICMP:
		s.local = a
		return Works
	case s.m.privileged(a):
		return "EACCES"
	case s.local.Port() != 0:
		return "EINVAL"
	}
	before := s.local
	if !a.Addr().IsLinkLocalUnicast() {
		a = netip.AddrPortFrom(a.Addr().WithZone(""), a.Port()) // the zone of any other address is ignored
	}
	s.local, s.explicit = a, true
	errno := s.settle()
	if errno != Works {
		s.local, s.explicit = before, false
	}
	return errno
}

// privileged says whether an address and port may be bound by root only.
func (p *Policy) privileged(a netip.AddrPort) bool {
	free := p.WildcardFree && a.Addr().IsUnspecified()
	return a.Port() != 0 && a.Port() < p.Privileged && !free
}

// bindable says whether an address is one of this machine's.
func (s *socket) bindable(a netip.Addr) Fate {
	switch {
	case a.IsUnspecified():
		return Works
	case a.Is4In6() && s.has(sock.V6Only):
		return "EINVAL"
	case a.IsMulticast() && s.kind == sock.TCP && a.Is6():
		return "EINVAL"
	case a.Is6() && a.Zone() == "" && (a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast()):
		return "EINVAL" // its zone is unknown (RFC 4007 6)
	case a.IsMulticast():
		return Works
	default:
		return s.m.reach(a.Unmap(), s.m.zone(a)).Bind
	}
}

// settle finds a port if none was asked for, and enters the socket under it unless it conflicts
// with another.
func (s *socket) settle() Fate {
	if s.local.Port() == 0 {
		number, found := s.m.ephemeral(func(n uint16) bool { return s.free(n) })
		if !found {
			return "EADDRINUSE"
		}
		s.local = netip.AddrPortFrom(s.local.Addr(), number)
	} else if errno := s.conflict(false); errno != Works {
		return errno
	}
	s.hold()
	return Works
}

// conflict is what the machine says to the socket's port because of those that hold it already.
func (s *socket) conflict(listening bool) Fate {
	for _, other := range s.m.ports[s.port()] {
		if other == s {
			continue
		}
		errno := Works
		if s.overlaps(other) {
			errno = s.m.Conflict(s.holder(), other.holder(), listening)
		} else if s.m.Beside != nil {
			errno = s.m.Beside(s.holder(), other.holder())
		}
		if errno != Works {
			return errno
		}
	}
	return Works
}

// free reports whether no socket holds this port on an address of the socket's.
func (s *socket) free(number uint16) bool {
	return !slices.ContainsFunc(s.m.ports[port{s.kind, number}], s.overlaps)
}

// overlaps says whether there is an address that both sockets are bound to.
func (s *socket) overlaps(other *socket) bool {
	return s.covers(other.local.Addr().Unmap()) > 0 || other.covers(s.local.Addr().Unmap()) > 0 ||
		s.local.Addr().IsUnspecified() && other.local.Addr().IsUnspecified() && (s.dual() || other.dual())
}

func (s *socket) dual() bool { return s.family == sock.Inet6 && !s.has(sock.V6Only) && !s.m.NoDual }

// bound is the highest score of covers.
const bound = 4

// covers says how well a socket's local address matches one of the wire: 0 not at all, 1 by a
// wildcard of the other family, 2 by a wildcard, 3 because it is bound to just that as an
// IPv4-mapped address, 4 because it is bound to it.
func (s *socket) covers(a netip.Addr) int {
	own := s.local.Addr()
	switch {
	case own.WithZone("") == a.WithZone(""):
		return bound
	case own.Unmap() == a:
		return bound - 1
	case !own.IsUnspecified():
		return 0
	case own.Is4() == a.Is4():
		return 2
	case a.Is4() && s.dual():
		return 1
	default:
		return 0
	}
}

func (s *socket) port() port { return port{s.kind, s.local.Port()} }

// hold enters the socket under its port, release takes it out.
func (s *socket) hold() {
	if s.m.ports == nil {
		s.m.ports = map[port][]*socket{}
	}
	s.m.ports[s.port()] = append(s.m.ports[s.port()], s)
}

func (s *socket) release() {
	rest := slices.DeleteFunc(s.m.ports[s.port()], func(o *socket) bool { return o == s })
	if len(rest) == 0 {
		delete(s.m.ports, s.port())
		return
	}
	s.m.ports[s.port()] = rest
}

// ephemeral gives the next port of the machine's range that suits, each in its turn.
func (m *Machine) ephemeral(suits func(uint16) bool) (uint16, bool) {
	first, last := int(m.Ephemeral[0]), int(m.Ephemeral[1])
	for range last - first + 1 {
		n := uint16(first + m.given%(last-first+1))
		m.given++
		if suits(n) {
			return n, true
		}
	}
	return 0, false
}
