package sock

import (
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/net/icmp"
	"golang.org/x/sys/windows"
)

// sioRoutingInterfaceQuery is SIO_ROUTING_INTERFACE_QUERY: the local address that the system would
// send from.
const sioRoutingInterfaceQuery = windows.IOC_INOUT | windows.IOC_WS2 | 20

// checksummed fills in the checksum of an ICMPv6 message. Elsewhere the kernel does so for raw
// sockets (RFC 3542 3.1); Winsock leaves it to the sender, as Microsoft's ping sample shows. What
// can't be read as ICMPv6, and what the system has no source address for, stays as it is.
func (s *winSocket) checksummed(b []byte, to netip.Addr) []byte {
	m, err := icmp.ParseMessage(windows.IPPROTO_ICMPV6, b)
	if err != nil {
		return b
	}
	from, err := s.sourceFor(to)
	if err != nil {
		return b
	}
	sum, err := m.Marshal(icmp.IPv6PseudoHeader(net.IP(from.AsSlice()), net.IP(to.AsSlice())))
	if err != nil {
		return b
	}
	return sum
}

func (s *winSocket) sourceFor(to netip.Addr) (netip.Addr, error) {
	if name, err := s.Name(); err == nil && !name.Addr().IsUnspecified() {
		return name.Addr(), nil
	}
	dest := windows.RawSockaddrInet6{Family: windows.AF_INET6, Addr: to.As16()}
	var source windows.RawSockaddrInet6
	var n uint32
	err := windows.WSAIoctl(s.handle, sioRoutingInterfaceQuery, (*byte)(unsafe.Pointer(&dest)), uint32(unsafe.Sizeof(dest)),
		(*byte)(unsafe.Pointer(&source)), uint32(unsafe.Sizeof(source)), &n, nil, 0)
	return netip.AddrFrom16(source.Addr), err
}
