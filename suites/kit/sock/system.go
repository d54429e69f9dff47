//go:build unix || windows

package sock

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

func failOr(op string, err error) error {
	if err == nil {
		return nil
	}
	return fail(op, err)
}

// sockaddr makes the address for a socket of this family. An IPv4 address on an Inet6 socket is an
// error: the claims write IPv4-mapped addresses where they mean them.
func sockaddr(f Family, a netip.AddrPort) (systemAddr, error) {
	if f == Inet {
		if !a.Addr().Is4() {
			return nil, fmt.Errorf("%s is no IPv4 address", a.Addr())
		}
		return &systemAddr4{Port: int(a.Port()), Addr: a.Addr().As4()}, nil
	}
	if !a.Addr().Is6() {
		return nil, fmt.Errorf("%s is no IPv6 address", a.Addr())
	}
	zone, err := scope(a.Addr().Zone())
	if err != nil {
		return nil, err
	}
	return &systemAddr6{Port: int(a.Port()), Addr: a.Addr().As16(), ZoneId: zone}, nil
}

// scope reads a zone, which is an interface index or name, as sin6_scope_id (RFC 3493 3.3).
func scope(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, err
	}
	return uint32(i.Index), nil
}

// addrPort reads an address that the system gave; invalid for none.
func addrPort(sa systemAddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *systemAddr4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *systemAddr6:
		a := netip.AddrFrom16(sa.Addr)
		if sa.ZoneId != 0 {
			a = a.WithZone(strconv.FormatUint(uint64(sa.ZoneId), 10))
		}
		return netip.AddrPortFrom(a, uint16(sa.Port))
	default:
		return netip.AddrPort{}
	}
}
