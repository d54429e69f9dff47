package ifreq

import (
	"encoding/binary"
	"net"
	"net/netip"
)

// nameSize is IFNAMSIZ: every request begins with the name of the interface, ended by a zero byte.
const nameSize = 16

// inet and link are AF_INET and AF_LINK, the same on all these systems.
const (
	inet = 2
	link = 18
)

// interfaces is the group of the requests that any interface knows.
const interfaces = 'i'

func (s System) about(name string, direction uint32, n byte, size int) Request {
	r := Request{number(direction, interfaces, n, size), make([]byte, size)}
	copy(r.Data[:nameSize-1], name)
	return r
}

// Create makes the interface of this name, by its driver (SIOCIFCREATE).
func (s System) Create(name string) Request {
	if s.createOut {
		return s.about(name, inOut, s.create, s.ifreq)
	}
	return s.about(name, in, s.create, s.ifreq)
}

// Destroy removes an interface (SIOCIFDESTROY).
func (s System) Destroy(name string) Request { return s.about(name, in, 121, s.ifreq) }

// Name asks a device which interface it belongs to (TAPGIFNAME of NetBSD, net/if_tap.h).
func (s System) Name() Request {
	return Request{number(out, 'e', 0, s.ifreq), make([]byte, s.ifreq)}
}

// NameIn is the name that a request holds.
func (r Request) NameIn() string {
	n := 0
	for n < nameSize && r.Data[n] != 0 {
		n++
	}
	return string(r.Data[:n])
}

// Flags asks for the flags of an interface (SIOCGIFFLAGS).
func (s System) Flags(name string) Request { return s.about(name, inOut, 17, s.ifreq) }

// up is IFF_UP.
const up = 1

// WithUp is the request that brings an interface up, or takes it down (SIOCSIFFLAGS), from the
// answer to Flags. The other flags stay as they are.
func (s System) WithUp(flags Request, isUp bool) Request {
	r := s.about("", in, 16, s.ifreq)
	copy(r.Data, flags.Data)
	old := binary.NativeEndian.Uint16(r.Data[nameSize:])
	if isUp {
		old |= up
	} else {
		old &^= up
	}
	binary.NativeEndian.PutUint16(r.Data[nameSize:], old)
	return r
}

// LinkFamily is the family of the socket that SetMAC goes through.
func (s System) LinkFamily() int {
	if s.lladdr == 0 {
		return link
	}
	return inet
}

// The request of NetBSD that activates a link address (net/if_dl.h, struct if_laddrreq): name,
// flags, length of the prefix and two sockaddr_storage.
const (
	laddrSize   = 280
	laddrFlags  = nameSize
	laddrAddr   = nameSize + 8
	laddrActive = 0x4000 // IFLR_ACTIVE
	sdlSize     = 20     // sizeof(struct sockaddr_dl)
	sdlData     = 8      // offset of sdl_data in it
	ethernet    = 6      // IFT_ETHER (net/if_types.h)
)

// SetMAC gives an interface this link address (SIOCSIFLLADDR, or SIOCALIFADDR over a socket of
// LinkFamily).
func (s System) SetMAC(name string, mac net.HardwareAddr) Request {
	if s.lladdr == 0 {
		r := s.about(name, in, 28, laddrSize)
		binary.NativeEndian.PutUint32(r.Data[laddrFlags:], laddrActive)
		a := r.Data[laddrAddr:]
		a[0], a[1], a[4], a[6] = sdlSize, link, ethernet, byte(len(mac)) // sdl_len, sdl_family, sdl_type, sdl_alen
		copy(a[sdlData:], mac)
		return r
	}
	r := s.about(name, in, s.lladdr, s.ifreq)
	r.Data[nameSize], r.Data[nameSize+1] = byte(len(mac)), link // here sa_len is the length of the address alone
	copy(r.Data[nameSize+2:], mac)
	return r
}

// Address gives an interface an address and the prefix behind it.
func (s System) Address(name string, a netip.Prefix) Request {
	if a.Addr().Is4() {
		return s.address4(name, a)
	}
	return s.address6(name, a)
}

// sockaddr4 is the size of struct sockaddr_in and of struct sockaddr.
const sockaddr4 = 16

// address4 is SIOCAIFADDR: the address, that of the broadcast, the mask (struct ifaliasreq).
func (s System) address4(name string, a netip.Prefix) Request {
	r := s.about(name, in, s.alias.n, s.alias.size)
	own, mask := a.Addr().As4(), net.CIDRMask(a.Bits(), 32)
	var all [4]byte
	for i := range all {
		all[i] = own[i] | ^mask[i]
	}
	for i, bytes := range [][]byte{own[:], all[:], mask} {
		put4(r.Data[nameSize+i*sockaddr4:], bytes)
	}
	return r
}

func put4(at, address []byte) {
	at[0], at[1] = sockaddr4, inet // sin_len, sin_family
	copy(at[4:], address)
}

// The layout of struct in6_aliasreq (netinet6/in6_var.h): name, address, destination, mask, flags,
// lifetimes.
const (
	sockaddr6  = 28
	alias6Mask = nameSize + 2*sockaddr6
	alias6Life = nameSize + 3*sockaddr6 + 4
	infinite   = 0xffffffff // ND6_INFINITE_LIFETIME
)

// address6 is SIOCAIFADDR_IN6. It asks for no flags: IN6_IFF_NODAD leaves an address tentative on
// some systems, and others have it no longer. Whoever wants to use the address at once sets
// net.inet6.ip6.dad_count to 0 before.
func (s System) address6(name string, a netip.Prefix) Request {
	r := s.about(name, in, s.alias6.n, s.alias6.size)
	own := a.Addr().As16()
	s.put6(r.Data[nameSize:], own[:])
	s.put6(r.Data[alias6Mask:], net.CIDRMask(a.Bits(), 128))
	lifetimes := alias6Life + 2*s.time // behind ia6t_expire and ia6t_preferred
	binary.NativeEndian.PutUint32(r.Data[lifetimes:], infinite)
	binary.NativeEndian.PutUint32(r.Data[lifetimes+4:], infinite)
	return r
}

func (s System) put6(at, address []byte) {
	at[0], at[1] = sockaddr6, s.inet6 // sin6_len, sin6_family
	copy(at[8:], address)
}

// in6Size is the size of struct in6_ifreq (netinet6/in6_var.h), whose union holds the 34 counters
// of ICMPv6.
const in6Size = nameSize + 34*8

// RemoveAddress takes an address away from an interface (SIOCDIFADDR, SIOCDIFADDR_IN6).
func (s System) RemoveAddress(name string, a netip.Addr) Request {
	if a.Is4() {
		r := s.about(name, in, 25, s.ifreq)
		own := a.As4()
		put4(r.Data[nameSize:], own[:])
		return r
	}
	r := s.about(name, in, 25, in6Size)
	own := a.As16()
	s.put6(r.Data[nameSize:], own[:])
	return r
}
