//go:build darwin || illumos

package sock

import (
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

// setDevice sets the options that tie a socket to an interface by its index; known is false for any
// other option.
func (s *unixSocket) setDevice(o Option, index int) (known bool, err error) {
	switch {
	case o == BoundIf && s.family == Inet:
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_BOUND_IF, index)
	case o == BoundIf:
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_BOUND_IF, index)
	case o == HeaderIncluded:
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_HDRINCL, index)
	case o == SendVia && s.family == Inet:
		s.sendControl = (&ipv4.ControlMessage{IfIndex: index}).Marshal()
	case o == SendVia:
		s.sendControl = (&ipv6.ControlMessage{IfIndex: index}).Marshal()
	default:
		return false, nil
	}
	return true, failOr("setsockopt", err)
}

// device reads an option that setDevice sets; known is false for one that can't be read, or is none
// of them.
func (s *unixSocket) device(o Option) (v int, known bool, err error) {
	switch {
	case o == BoundIf && s.family == Inet:
		v, err = unix.GetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_BOUND_IF)
	case o == BoundIf:
		v, err = unix.GetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_BOUND_IF)
	default:
		return 0, false, nil
	}
	return v, true, err
}
