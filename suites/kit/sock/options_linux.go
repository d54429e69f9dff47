package sock

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

const reusePort = unix.SO_REUSEPORT

// parseControl4 reads an in_pktinfo (interface, local address, destination in the header) and a TTL
// (ip(7), ip_cmsg_recv_pktinfo, ip_cmsg_recv_ttl).
func parseControl4(kind int, data []byte, m *Message) {
	switch {
	case kind == unix.IP_PKTINFO && len(data) >= unix.SizeofInet4Pktinfo:
		m.Index = int(binary.NativeEndian.Uint32(data))
		m.To = netip.AddrFrom4([4]byte(data[8:]))
	case kind == unix.IP_TTL && len(data) >= 4:
		m.TTL = int(binary.NativeEndian.Uint32(data))
	}
}

func (s *unixSocket) setRecvInfo(v int) error {
	return failOr("setsockopt", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_PKTINFO, v))
}

func (s *unixSocket) setMulticastIf(index int) error {
	return failOr("setsockopt", unix.SetsockoptIPMreqn(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_IF,
		&unix.IPMreqn{Ifindex: int32(index)}))
}

func (s *unixSocket) joinGroup4(group netip.Addr, index int) error {
	return failOr("setsockopt", unix.SetsockoptIPMreqn(s.fd, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP,
		&unix.IPMreqn{Multiaddr: group.As4(), Ifindex: int32(index)}))
}
