package sock

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// setDevice sets the options that tie a socket to an interface; known is false for any other
// option.
func (s *unixSocket) setDevice(o Option, index int) (known bool, err error) {
	switch {
	case o == BindDevice: // without privilege since Linux 5.7
		err = s.bindDevice(index)
	case o == BindIndex:
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

// bindDevice ties the socket to an interface by the name that it has in the namespace of the
// socket; index 0 unties it.
func (s *unixSocket) bindDevice(index int) error {
	name := ""
	if index != 0 {
		request, err := unix.NewIfreq("")
		if err != nil {
			return err
		}
		request.SetUint32(uint32(index))
		if err := unix.IoctlIfreq(s.fd, unix.SIOCGIFNAME, request); err != nil {
			return err
		}
		name = request.Name()
	}
	return unix.BindToDevice(s.fd, name)
}

// device reads an option that setDevice sets; known is false for one that can't be read, or is none
// of them.
func (s *unixSocket) device(o Option) (v int, known bool, err error) {
	switch {
	case o == BindDevice:
		v, err = s.boundDevice()
	case o == BindIndex:
		v, err = unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_BINDTOIFINDEX)
	case o == UnicastIf && s.family == Inet:
		v, err = unix.GetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_UNICAST_IF)
		v = int(networkOrder(v))
	case o == UnicastIf:
		v, err = unix.GetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_IF)
		v = int(networkOrder(v))
	default:
		return 0, false, nil
	}
	return v, true, err
}

// boundDevice is the index of the interface whose name SO_BINDTODEVICE reads, 0 for none.
func (s *unixSocket) boundDevice() (int, error) {
	name, err := unix.GetsockoptString(s.fd, unix.SOL_SOCKET, unix.SO_BINDTODEVICE)
	if err != nil || name == "" {
		return 0, err
	}
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, err
	}
	err = unix.IoctlIfreq(s.fd, unix.SIOCGIFINDEX, request)
	return int(request.Uint32()), err
}

func networkOrder(v int) int32 {
	return int32(binary.BigEndian.Uint32(binary.NativeEndian.AppendUint32(nil, uint32(v))))
}
