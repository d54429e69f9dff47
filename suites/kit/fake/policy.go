package fake

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Policy is everything in which the stacks of this package differ, as data.
type Policy struct {
	// OS is the name of the system that the stack is like: "linux".
	OS string
	// Errnos are the raw numbers of the system's errors.
	Errnos map[string]int
	// Jail is what the kernel takes for 127.0.0.1 (see Jailed); invalid if it takes it for itself.
	Jail netip.Addr
	// Reach says what every address means; the first row that holds it counts.
	Reach []Reach
	// Refuse are the errnos of socket(2) for the socket types that an unprivileged process may not
	// open.
	Refuse map[sock.Type]Fate
	// NoIPv6 makes socket(2) refuse AF_INET6.
	NoIPv6 bool

	// V6Only is the default of IPV6_V6ONLY; FixedV6Only that it can't be changed (OpenBSD).
	V6Only, FixedV6Only bool
	// MappedOnV6Only is the errno of a connection to an IPv4-mapped address with IPV6_V6ONLY on.
	MappedOnV6Only Fate
	// NoMapped is the errno of every use of an IPv4-mapped destination; empty if they are used.
	NoMapped Fate
	// NoDual keeps IPv4 from AF_INET6 wildcards even with IPV6_V6ONLY off.
	NoDual bool
	// DefaultTTL is the TTL and hop limit of a new socket.
	DefaultTTL int
	// Unknown are options that the system doesn't have.
	Unknown []sock.Option
	// Ignored are options that the system accepts and then does nothing about.
	Ignored []sock.Option

	// Privileged is the first port that needs no privilege, 0 if none does; WildcardFree exempts
	// wildcard addresses.
	Privileged   uint16
	WildcardFree bool
	// Ephemeral are the first and the last port that the system gives out.
	Ephemeral [2]uint16
	// Conflict decides whether a bind or, if listening is set, a listen is refused because of a
	// socket that holds the same port and an overlapping address. It gives the errno, or nothing.
	Conflict func(second, first Holder, listening bool) Fate
	// Beside judges two sockets on one port whose addresses don't overlap; nil allows it.
	Beside func(second, first Holder) Fate
	// WildcardWins prefers the socket on a wildcard to the one on the address itself.
	WildcardWins bool
	// HearsAll lets a connected UDP socket receive from others than its peer.
	HearsAll bool
	// MaxListeners is how many TCP sockets may listen at once; 0 sets no limit.
	MaxListeners int
	// MaxBacklog is the longest backlog that listen takes (net.core.somaxconn); 0 sets no limit.
	MaxBacklog int
	// PortTaken is the errno of a connection whose four-tuple exists already.
	PortTaken Fate
	// LoopsAnyway delivers multicast on the loopback interface even without IP_MULTICAST_LOOP.
	LoopsAnyway bool
	// Spread distributes flows over equal sockets with SO_REUSEPORT; otherwise the last one bound
	// receives.
	Spread bool
	// RefusalTakes is how long the system repeats a request before it reports that it was refused.
	RefusalTakes time.Duration
	// BoundSilent gives no answer to a connection to a port that is bound and does not listen.
	BoundSilent bool
	// PortUnreachable is the errno by which a connected UDP socket reports a closed port;
	// ECONNREFUSED if it is empty.
	PortUnreachable Fate
	// SelfConnect is the errno of a TCP socket that connects to itself; empty if it succeeds (RFC
	// 9293 3.5).
	SelfConnect Fate

	// WildcardSource is the source of what a UDP socket sends that bind has bound to a wildcard; if
	// it is invalid, the choice is that of an unbound socket.
	WildcardSource netip.Addr
	// ConnectedSendTo is the errno of sendto with an address on a connected UDP socket.
	ConnectedSendTo Fate
	// MaxDatagram is the largest payload in bytes that a UDP socket sends over IPv4; MaxDatagram6
	// over IPv6.
	MaxDatagram, MaxDatagram6 int
	// EchoHeader puts the IPv4 header before what a datagram ICMP socket receives (macOS).
	EchoHeader bool
	// EchoKeepsID leaves the identifier of a datagram ICMP socket's requests alone (macOS).
	EchoKeepsID bool
}

// Fate is what becomes of a call: it works, it fails with an errno, or nothing ever comes back.
type Fate string

// The fates that are no errno.
const (
	Works  Fate = ""
	Silent Fate = "silent"
)

// Reach says what the addresses of one prefix mean on a machine. The zero value of the rest: they
// are the machine's own, like 127.0.0.1.
type Reach struct {
	Of   netip.Prefix
	Zone int // the index of the interface whose zone the address must name, 0 for any or none

	Bind    Fate // bind(2)
	Connect Fate // connect(2) of TCP
	Route   Fate // connect(2) of UDP, which sends nothing
	Send    Fate // sendto(2) of UDP
	Echo    Fate // an ICMP echo request

	// Closed is the fate of what meets no socket; if it is empty, it is refused by RST or port
	// unreachable.
	Closed Fate
	// Source is the source of an unbound socket; if it is invalid, the destination itself.
	Source netip.Addr
	// Means is the address that connect and send put in place of this one (0.0.0.0 means 127.0.0.1
	// on Linux).
	Means netip.Addr
	// Redirect is the address whose sockets receive in place of this one, unnoticed by both sides
	// (DNAT).
	Redirect netip.Addr
	// BoundOnly keeps what is sent there from sockets that are bound to a wildcard.
	BoundOnly bool
	// Broadcast asks for SO_BROADCAST, and delivers to every socket that matches.
	Broadcast bool
	// Foreign is true for addresses that are none of the machine's: what is sent there from a
	// loopback address fails with FromLoopback.
	Foreign      bool
	FromLoopback Fate
}

// Answer puts rows before all others.
func (p *Policy) Answer(rows ...Reach) { p.Reach = append(rows, p.Reach...) }

// row is the row of just this prefix; there must be one. It is valid until the next Answer.
func (p *Policy) row(prefix string) *Reach {
	for i := range p.Reach {
		if p.Reach[i].Of == of(prefix) {
			return &p.Reach[i]
		}
	}
	panic("no row for " + prefix)
}

// reach is the row of an address. A machine without a row for an address has no route there.
func (p *Policy) reach(a netip.Addr, zone int) Reach {
	for _, r := range p.Reach {
		if r.Of.Contains(a.WithZone("")) && (r.Zone == 0 || r.Zone == zone) {
			return r
		}
	}
	return Reach{Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH",
		Echo: "ENETUNREACH", Foreign: true}
}

// fail makes the error of a call.
func (p *Policy) fail(op string, errno Fate) error {
	return sock.Errno(op, string(errno), p.Errnos[string(errno)])
}
