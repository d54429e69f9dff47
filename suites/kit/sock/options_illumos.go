package sock

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// reusePort is the number that Solaris gives to SO_REUSEPORT and that the headers of illumos leave
// free: illumos has the option for its Linux zones only (illumos issue 12455), so it is asked, and
// says itself that it does not know it.
const reusePort = 0x100e

// parseControl4 reads an in_pktinfo (interface, local address, destination in the header) and a TTL
// of one byte; both are told by the numbers of the options that ask for them (netinet/in.h,
// ip_recv_attr of the kernel).
func parseControl4(kind int, data []byte, m *Message) {
	switch {
	case kind == unix.IP_PKTINFO && len(data) >= unix.SizeofInet4Pktinfo:
		m.Index = int(binary.NativeEndian.Uint32(data))
		m.To = netip.AddrFrom4([4]byte(data[8:]))
	case kind == unix.IP_RECVTTL && len(data) >= 1:
		m.TTL = int(data[0])
	}
}

// setRecvInfo asks for the in_pktinfo. IP_PKTINFO is the same number: an int asks, a structure
// tells where to send from.
func (s *unixSocket) setRecvInfo(v int) error {
	return failOr("setsockopt", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_RECVPKTINFO, v))
}
