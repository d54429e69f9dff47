package fake

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// way is how a packet to a destination goes.
type way struct {
	Reach
	to   netip.AddrPort // as the wire has it; the address that 0.0.0.0 means in its place
	from netip.Addr     // the source
	at   netip.AddrPort // whose sockets receive
}

// way finds the way of what this socket sends, or the errno that keeps it from sending.
func (s *socket) way(to netip.AddrPort) (way, Fate) {
	a := to.Addr()
	switch {
	case a.Is4In6() && s.has(sock.V6Only) && s.m.MappedOnV6Only != Works:
		return way{}, s.m.MappedOnV6Only
	case a.Is4In6() && s.m.NoMapped != Works:
		return way{}, s.m.NoMapped
	case a.Is6() && !a.Is4In6() && s.local.Addr().Is4In6():
		return way{}, "ENETUNREACH"
	}
	w := way{to: wire(to)}
	w.Reach = s.m.reach(a.Unmap(), s.m.zone(a))
	if w.Means.IsValid() {
		w.to = netip.AddrPortFrom(w.Means, to.Port())
		w.Reach = s.m.reach(w.Means, 0)
	}
	w.at = w.to
	if w.Redirect.IsValid() {
		w.at = netip.AddrPortFrom(w.Redirect, to.Port())
	}
	switch own := s.local.Addr(); {
	case !own.IsUnspecified():
		w.from = own.Unmap().WithZone("")
	case s.explicit && s.kind == sock.UDP && s.m.WildcardSource.IsValid():
		w.from = s.m.WildcardSource
	case w.Source.IsValid():
		w.from = w.Source
	default:
		w.from = w.to.Addr()
	}
	if w.Foreign && w.from.IsLoopback() && w.FromLoopback != Works {
		return way{}, w.FromLoopback
	}
	if w.Broadcast && s.kind != sock.TCP && !s.has(sock.Broadcast) {
		return way{}, "EACCES"
	}
	return w, Works
}
