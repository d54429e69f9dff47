//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package sock

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// parseControl4 reads a destination address, a link-level address of the arrival interface and a
// TTL; their types are the numbers of the options that ask for them (ip(4), ip_savecontrol). The
// sockaddr_dl may end right behind its index, which stands in its second two bytes: NetBSD sends no
// more, since the interface's name is not asked for.
func parseControl4(kind int, data []byte, m *Message) {
	switch {
	case kind == unix.IP_RECVDSTADDR && len(data) >= 4:
		m.To = netip.AddrFrom4([4]byte(data))
	case kind == unix.IP_RECVIF && len(data) >= 4:
		m.Index = int(binary.NativeEndian.Uint16(data[2:]))
	case kind == unix.IP_RECVTTL && len(data) >= 1: // a single byte
		m.TTL = int(data[0])
	}
}

// setRecvInfo asks for the destination address and the arrival interface, which are two options on
// the BSDs (ip(4)).
func (s *unixSocket) setRecvInfo(v int) error {
	if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_RECVDSTADDR, v); err != nil {
		return fail("setsockopt", err)
	}
	return failOr("setsockopt", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_RECVIF, v))
}

const reusePort = unix.SO_REUSEPORT
