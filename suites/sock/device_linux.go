package sock

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// setDevice sets the options that tie a socket to an interface by its index; known is false for any other option.
func (s *unixSocket) setDevice(o Option, index int) (known bool, err error) {
	switch {
	case o == BindDevice: // what SO_BINDTODEVICE does by name (sock_bindtoindex); without privilege since Linux 5.7
		err = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_BINDTOIFINDEX, index)
	case o == UnicastIf && s.family == Inet: // in network byte order (do_ip_setsockopt)
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_UNICAST_IF, int(networkOrder(index)))
	case o == UnicastIf:
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_IF, int(networkOrder(index)))
	case o == SendVia && s.family == Inet:
		s.sendControl = unix.PktInfo4(&unix.Inet4Pktinfo{Ifindex: int32(index)})
	case o == SendVia:
		s.sendControl = unix.PktInfo6(&unix.Inet6Pktinfo{Ifindex: uint32(index)})
	default:
		return false, nil
	}
	return true, failOr("setsockopt", err)
}

func networkOrder(v int) int32 {
	return int32(binary.BigEndian.Uint32(binary.NativeEndian.AppendUint32(nil, uint32(v))))
}
