package sock

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// ttlMessage is the type of the control message that carries a TTL (ip(7), ip_cmsg_recv_ttl).
const ttlMessage = unix.IP_TTL

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
