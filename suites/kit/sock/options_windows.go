package sock

import (
	"math/bits"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// number is one socket option of the system.
type number struct{ level, name int32 }

// What x/sys/windows lacks (winsock2.h, ws2ipdef.h).
const (
	soError      = 0x1007
	soExclusive  = ^windows.SO_REUSEADDR // SO_EXCLUSIVEADDRUSE
	ipHopLimit   = 21                    // IP_HOPLIMIT and IP_RECVTTL, which are one
	ipv6HopLimit = 21                    // IPV6_HOPLIMIT
	unicastIf    = 31                    // IP_UNICAST_IF and IPV6_UNICAST_IF
	levelIP      = windows.IPPROTO_IP
	levelIPv6    = windows.IPPROTO_IPV6
)

// SO_REUSEPORT is missing because Winsock has none.
var socketLevel = map[Option]number{
	ReuseAddr:     {windows.SOL_SOCKET, windows.SO_REUSEADDR},
	ExclusiveAddr: {windows.SOL_SOCKET, soExclusive},
	Broadcast:     {windows.SOL_SOCKET, windows.SO_BROADCAST},
	SendBuffer:    {windows.SOL_SOCKET, windows.SO_SNDBUF},
	ReceiveBuffer: {windows.SOL_SOCKET, windows.SO_RCVBUF},
	DontRoute:     {windows.SOL_SOCKET, windows.SO_DONTROUTE},
	V6Only:        {levelIPv6, windows.IPV6_V6ONLY},
}

var inet4Level = map[Option]number{
	TTL:            {levelIP, windows.IP_TTL},
	RecvTTL:        {levelIP, ipHopLimit},
	RecvInfo:       {levelIP, windows.IP_PKTINFO},
	MulticastIf:    {levelIP, windows.IP_MULTICAST_IF},
	MulticastTTL:   {levelIP, windows.IP_MULTICAST_TTL},
	MulticastLoop:  {levelIP, windows.IP_MULTICAST_LOOP},
	UnicastIf:      {levelIP, unicastIf},
	HeaderIncluded: {levelIP, windows.IP_HDRINCL},
}

var inet6Level = map[Option]number{
	TTL:           {levelIPv6, windows.IPV6_UNICAST_HOPS},
	RecvTTL:       {levelIPv6, ipv6HopLimit},
	RecvInfo:      {levelIPv6, windows.IPV6_PKTINFO},
	MulticastIf:   {levelIPv6, windows.IPV6_MULTICAST_IF},
	MulticastTTL:  {levelIPv6, windows.IPV6_MULTICAST_HOPS},
	MulticastLoop: {levelIPv6, windows.IPV6_MULTICAST_LOOP},
	UnicastIf:     {levelIPv6, unicastIf},
}

func (s *winSocket) lookup(o Option) (number, bool) {
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

// one4 is how the IPv4 multicast options name the loopback interface: by an address of it. Its
// index in the form of an address of network 0, which Microsoft documents too, is refused by Wine.
// The claims use no other interface.
var one4 = [4]byte{127, 0, 0, 1}

func (s *winSocket) SetOption(o Option, v int) error {
	if err := s.setOption(o, v); err != nil {
		return err
	}
	return ReadBack(s, o, v)
}

func (s *winSocket) setOption(o Option, v int) error {
	if o == Linger {
		return failOr("setsockopt", windows.SetsockoptLinger(s.handle, windows.SOL_SOCKET, windows.SO_LINGER,
			&windows.Linger{Onoff: 1, Linger: int32(v)}))
	}
	n, known := s.lookup(o)
	if !known {
		return Errno("setsockopt", "ENOPROTOOPT", 0)
	}
	if o == MulticastIf && s.family == Inet {
		b := one4
		return failOr("setsockopt", windows.Setsockopt(s.handle, n.level, n.name, &b[0], int32(len(b))))
	}
	if o == UnicastIf && s.family == Inet { // in network byte order, unlike IPv6
		v = int(int32(bits.ReverseBytes32(uint32(v))))
	}
	return failOr("setsockopt", windows.SetsockoptInt(s.handle, int(n.level), int(n.name), v))
}

func (s *winSocket) Option(o Option) (int, error) {
	n, known := s.lookup(o)
	if !known {
		return 0, Errno("getsockopt", "ENOPROTOOPT", 0)
	}
	v, err := s.getInt(n)
	if o == UnicastIf && v&0xff_ffff == 0 { // in network byte order; no index is that large
		v = int(int32(bits.ReverseBytes32(uint32(v))))
	}
	return v, failOr("getsockopt", err)
}

// getInt reads an option of up to four bytes: Winsock answers some switches with a single byte.
func (s *winSocket) getInt(n number) (int, error) {
	var v int32
	size := int32(unsafe.Sizeof(v))
	err := windows.Getsockopt(s.handle, n.level, n.name, (*byte)(unsafe.Pointer(&v)), &size)
	return int(v), err
}

func (s *winSocket) JoinGroup(group netip.Addr, index int) error {
	if s.family == Inet6 {
		request := windows.IPv6Mreq{Multiaddr: group.As16(), Interface: uint32(index)}
		return failOr("setsockopt", windows.Setsockopt(s.handle, levelIPv6, windows.IPV6_JOIN_GROUP,
			(*byte)(unsafe.Pointer(&request)), int32(unsafe.Sizeof(request))))
	}
	request := windows.IPMreq{Multiaddr: group.As4(), Interface: one4}
	return failOr("setsockopt", windows.Setsockopt(s.handle, levelIP, windows.IP_ADD_MEMBERSHIP,
		(*byte)(unsafe.Pointer(&request)), int32(unsafe.Sizeof(request))))
}
