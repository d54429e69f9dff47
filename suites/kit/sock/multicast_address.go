//go:build !linux && unix

package sock

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// one4 is how these systems name the loopback interface in the IPv4 multicast options: by an
// address of it. The claims use no other interface.
var one4 = [4]byte{127, 0, 0, 1}

func (s *unixSocket) setMulticastIf(int) error {
	return failOr("setsockopt", unix.SetsockoptInet4Addr(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_IF, one4))
}

func (s *unixSocket) joinGroup4(group netip.Addr, _ int) error {
	return failOr("setsockopt", unix.SetsockoptIPMreq(s.fd, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP,
		&unix.IPMreq{Multiaddr: group.As4(), Interface: one4}))
}
