package probe

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// SourceFor connects a UDP socket to an address, which sends nothing, and reads with getsockname
// which source the system chose for it: an address of this host is its own best source (RFC 6724 5,
// rule 1).
func SourceFor(h *host.Host, variant string, to netip.Addr) observation.Observation {
	p := Begin(h, "connect", "udp", variant, to.String())
	s, err := p.Socket(sock.FamilyOf(to), sock.UDP)
	if err == nil {
		err = s.Connect(netip.AddrPortFrom(to, discard), h.Wait)
	}
	if err != nil {
		return p.End(err)
	}
	name, err := s.Name()
	return p.Source(name.Addr(), to).End(err)
}

// NeedIPv6 ends the spec unless the system opens IPv6 sockets at all.
func NeedIPv6(h *host.Host) {
	s, err := h.Stack.Socket(sock.Inet6, sock.UDP)
	if err != nil {
		h.NotRun("socket", err)
	}
	_ = s.Close()
}

// NeedDelivery ends the spec unless a server of this type that is bound to the address is reached
// there: a claim about what follows from that is not decided by a host that lacks it.
func NeedDelivery(h *host.Host, t sock.Type, a netip.Addr) {
	var seen observation.Set
	if t == sock.UDP {
		seen = SendOwn(h, "control", []netip.Addr{a})
	} else {
		seen = DialOwn(h, "control", []netip.Addr{a})
	}
	if o := seen[0]; o.Outcome != observation.OK {
		op := o.Op + " to " + a.String()
		h.NotRun(op, &sock.Error{Op: op, Errno: o.Errno, Number: o.Number, Outcome: o.Outcome})
	}
}
