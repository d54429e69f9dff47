//go:build unix

package sock

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// number is one socket option of the system.
type number struct{ level, name int }

var socketLevel = map[Option]number{
	ReuseAddr:     {unix.SOL_SOCKET, unix.SO_REUSEADDR},
	ReusePort:     {unix.SOL_SOCKET, reusePort},
	Broadcast:     {unix.SOL_SOCKET, unix.SO_BROADCAST},
	SendBuffer:    {unix.SOL_SOCKET, unix.SO_SNDBUF},
	ReceiveBuffer: {unix.SOL_SOCKET, unix.SO_RCVBUF},
	DontRoute:     {unix.SOL_SOCKET, unix.SO_DONTROUTE},
	V6Only:        {unix.IPPROTO_IPV6, unix.IPV6_V6ONLY},
}

var inet4Level = map[Option]number{
	TTL:           {unix.IPPROTO_IP, unix.IP_TTL},
	RecvTTL:       {unix.IPPROTO_IP, unix.IP_RECVTTL},
	MulticastTTL:  {unix.IPPROTO_IP, unix.IP_MULTICAST_TTL},
	MulticastLoop: {unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP},
}

var inet6Level = map[Option]number{
	TTL:           {unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS},
	RecvTTL:       {unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT},
	RecvInfo:      {unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO},
	MulticastIf:   {unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_IF},
	MulticastTTL:  {unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS},
	MulticastLoop: {unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_LOOP},
}

func (s *unixSocket) lookup(o Option) (number, bool) {
	if n, ok := socketLevel[o]; ok {
		return n, true
	}
	if s.family == Inet6 {
		n, ok := inet6Level[o]
		return n, ok
	}
	n, ok := inet4Level[o]
	return n, ok
}

func (s *unixSocket) SetOption(o Option, v int) error {
	if err := s.setOption(o, v); err != nil {
		return err
	}
	return ReadBack(s, o, v)
}

func (s *unixSocket) setOption(o Option, v int) error {
	if o == Linger {
		return failOr("setsockopt", unix.SetsockoptLinger(s.fd, unix.SOL_SOCKET, unix.SO_LINGER,
			&unix.Linger{Onoff: 1, Linger: int32(v)}))
	}
	if known, err := s.setDevice(o, v); known {
		return err
	}
	if s.family == Inet {
		switch o {
		case RecvInfo:
			return s.setRecvInfo(v)
		case MulticastIf:
			return s.setMulticastIf(v)
		case MulticastTTL, MulticastLoop: // a byte on the BSDs, byte or int on Linux
			n := inet4Level[o]
			return failOr("setsockopt", unix.SetsockoptByte(s.fd, n.level, n.name, byte(v)))
		}
	}
	n, known := s.lookup(o)
	if !known {
		return Errno("setsockopt", "ENOPROTOOPT", 0)
	}
	return failOr("setsockopt", unix.SetsockoptInt(s.fd, n.level, n.name, v))
}

func (s *unixSocket) Option(o Option) (int, error) {
	if v, known, err := s.device(o); known {
		return v, failOr("getsockopt", err)
	}
	n, known := s.lookup(o)
	if !known {
		return 0, Errno("getsockopt", "ENOPROTOOPT", 0)
	}
	v, err := unix.GetsockoptInt(s.fd, n.level, n.name)
	return v, failOr("getsockopt", err)
}

func (s *unixSocket) JoinGroup(group netip.Addr, index int) error {
	if s.family == Inet6 {
		return failOr("setsockopt", unix.SetsockoptIPv6Mreq(s.fd, unix.IPPROTO_IPV6, unix.IPV6_JOIN_GROUP,
			&unix.IPv6Mreq{Multiaddr: group.As16(), Interface: uint32(index)}))
	}
	return s.joinGroup4(group, index)
}
