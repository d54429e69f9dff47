package sock

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// ErrGuard is behind every call that Guard refused.
var ErrGuard = errors.New("the guard refuses what could leave this host")

var loopback4 = netip.MustParsePrefix("127.0.0.0/8")

// IsLoopback says whether an address can't leave a host that conforms: 127.0.0.0/8, ::1, and
// 127.0.0.0/8 as IPv4-mapped IPv6 addresses (RFC 1122 3.2.1.3(g), RFC 4291 2.5.3).
func IsLoopback(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	return loopback4.Contains(a) || a == netip.IPv6Loopback()
}

// Guard keeps a stack from sending anything to an address that is not loopback. These pass besides:
//
//   - binding any address, since bind sends nothing;
//   - 0.0.0.0 and :: as destination, which means "this host" or fails, but names no other host;
//   - connect on a UDP socket to a unicast address, which sends nothing and tells whether the
//     system has a route; what is sent on that socket afterwards is refused;
//   - multicast on a socket whose outgoing interface is set to lo and whose multicast TTL is 0;
//   - link-local addresses with a zone, if the zone is the index of lo.
//
// And these don't: options that tie a socket to another interface than lo, since some systems then
// send even to 127.0.0.1 from there, and packets that come with their own IP header, which names
// another destination than the call.
//
// Where an address is loopback and this host would all the same route the packet off itself, it is
// not sent, and the outcome is would-leave. leads says so of each packet; nil is for a stack that
// nothing can leave.
//
// lo is the index of the loopback interface, 0 if it has none.
func Guard(inner Stack, lo int, leads Leads) Stack { return guard{inner, lo, leads} }

// Packet is what decides where the kernel sends it, as far as a socket of the kit sets it.
type Packet struct {
	Type     Type
	From, To netip.AddrPort
}

// Leads returns where a packet to a loopback address would leave this host, "by eth0 to 192.0.2.1",
// and nothing if it would stay inside or could not be sent.
type Leads func(Packet) string

type guard struct {
	Stack
	lo    int
	leads Leads
}

func (g guard) Socket(f Family, t Type) (Socket, error) {
	if t == RawIP {
		return nil, refused("socket", t.String())
	}
	s, err := g.Stack.Socket(f, t)
	if err != nil {
		return nil, err
	}
	return &guarded{Socket: s, lo: g.lo, leads: g.leads}, nil
}

type guarded struct {
	Socket
	lo           int
	leads        Leads
	from         netip.AddrPort // set by bind
	peer         netip.AddrPort // set by connect
	multicastOn  int            // interface index of MulticastIf
	multicastTTL int
	ttlSet       bool
}

func (s *guarded) allows(a netip.Addr) bool {
	onLo := s.lo != 0 && a.Zone() == strconv.Itoa(s.lo)
	switch {
	case IsLoopback(a), a.WithZone("").Unmap().IsUnspecified():
		return true
	case a.Is4In6(): // sent by IPv4, for which neither the zone nor the multicast options of an IPv6 socket count
		return false
	case a.IsMulticast(): // a zone goes before the interface that is set
		return s.lo != 0 && s.multicastOn == s.lo && s.ttlSet && s.multicastTTL == 0 && (a.Zone() == "" || onLo)
	case a.IsLinkLocalUnicast(): // the zone of a global address is ignored (Linux: __ipv6_addr_needs_scope_id)
		return onLo
	default:
		return false
	}
}

func refused(op, what string) error {
	return &Error{Op: op, Outcome: observation.Failed, Err: fmt.Errorf("%w: %s", ErrGuard, what)}
}

func refusal(op string, a netip.Addr) error { return refused(op, a.String()+" is not loopback") }

func (s *guarded) Connect(to netip.AddrPort, wait time.Duration) error {
	if sendsNothing := s.Type() == UDP && !to.Addr().IsMulticast(); !sendsNothing {
		if err := s.check("connect", to); err != nil {
			return err
		}
	}
	err := s.Socket.Connect(to, wait)
	if err == nil {
		s.peer = to
	}
	return err
}

func (s *guarded) Bind(to netip.AddrPort) error {
	err := s.Socket.Bind(to)
	if err == nil {
		s.from = to
	}
	return err
}

// check refuses what could leave this host, and what is loopback and would leave it.
func (s *guarded) check(op string, to netip.AddrPort) error {
	if !s.allows(to.Addr()) {
		return refusal(op, to.Addr())
	}
	if s.leads == nil || !IsLoopback(to.Addr()) {
		return nil
	}
	if way := s.leads(Packet{s.Type(), s.from, to}); way != "" {
		return &Error{Op: op, Outcome: observation.WouldLeave, Err: fmt.Errorf("%w: %s would leave %s", ErrGuard, to.Addr(), way)}
	}
	return nil
}

func (s *guarded) Send(b []byte) error {
	if s.Type() != TCP {
		if err := s.check("send", s.peer); err != nil {
			return err
		}
	}
	return s.Socket.Send(b)
}

func (s *guarded) SendTo(b []byte, to netip.AddrPort) error {
	if err := s.check("sendto", to); err != nil {
		return err
	}
	return s.Socket.SendTo(b, to)
}

func (s *guarded) SetOption(o Option, v int) error {
	switch o {
	case BindDevice, BindIndex, UnicastIf, BoundIf, SendVia:
		if v != 0 && v != s.lo {
			return refused("setsockopt", o.String()+" of another interface than lo")
		}
	case HeaderIncluded:
		return refused("setsockopt", o.String())
	}
	err := s.Socket.SetOption(o, v)
	if err == nil {
		switch o {
		case MulticastIf:
			s.multicastOn = v
		case MulticastTTL:
			s.multicastTTL, s.ttlSet = v, true
		}
	}
	return err
}

func (s *guarded) Accept(wait time.Duration) (Socket, netip.AddrPort, error) {
	c, from, err := s.Socket.Accept(wait)
	if err != nil {
		return nil, from, err
	}
	return &guarded{Socket: c, lo: s.lo, leads: s.leads, peer: from}, from, nil
}
