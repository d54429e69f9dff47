//go:build dragonfly || freebsd || netbsd || openbsd

package sock

import (
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

// setDevice sets the options that have to do with devices; known is false for any other option.
// These systems tie no socket to an interface by its index; a datagram of IPv6 may name one (RFC
// 3542 6.2).
func (s *unixSocket) setDevice(o Option, v int) (known bool, err error) {
	switch {
	case o == HeaderIncluded:
		return true, failOr("setsockopt", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_HDRINCL, v))
	case o == SendVia && s.family == Inet6:
		s.sendControl = (&ipv6.ControlMessage{IfIndex: v}).Marshal()
		return true, nil
	default:
		return false, nil
	}
}

// device knows no option that setDevice sets and that can be read.
func (s *unixSocket) device(Option) (v int, known bool, err error) { return 0, false, nil }
