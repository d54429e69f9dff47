package netif

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// What x/sys/windows lacks.
var procGetBestRoute2 = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetBestRoute2")

func kernel() Network { return ipHelper{} }

// ipHelper asks by the IP Helper API (iphlpapi.dll).
type ipHelper struct{}

// listingSize is where the buffer for the adapters begins, as Microsoft's documentation of
// GetAdaptersAddresses recommends; the call says if it needs more.
const listingSize = 15000

// adapters lists the interfaces. GAA_FLAG_INCLUDE_PREFIX, which package net sets, is left out: the
// length of an address's prefix stands beside the address, and Wine's listing fails with that flag.
func adapters() (*windows.IpAdapterAddresses, error) {
	const flags = windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST | windows.GAA_FLAG_SKIP_DNS_SERVER
	size := uint32(listingSize)
	for {
		buffer := make([]uint64, (size+7)/8) // aligned for the structure
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(unsafe.SliceData(buffer)))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, first, &size)
		switch {
		case err == nil:
			return first, nil
		case errors.Is(err, windows.ERROR_BUFFER_OVERFLOW) && int(size) > 8*len(buffer):
		default:
			return nil, fail("GetAdaptersAddresses", err)
		}
	}
}

func (ipHelper) Interfaces() ([]Interface, error) {
	first, err := adapters()
	if err != nil {
		return nil, err
	}
	var out []Interface
	for a := first; a != nil; a = a.Next {
		hardware := a.PhysicalAddress[:min(int(a.PhysicalAddressLength), len(a.PhysicalAddress))]
		i := Interface{Index: indexOf(a), Name: windows.UTF16PtrToString(a.FriendlyName), MTU: int64(a.Mtu),
			Up: a.OperStatus == windows.IfOperStatusUp, Loopback: a.IfType == windows.IF_TYPE_SOFTWARE_LOOPBACK,
			Broadcast: accessOf(indexOf(a)) == accessBroadcast, Multicast: a.Flags&noMulticast == 0,
			Hardware: net.HardwareAddr(hardware).String()}
		for u := a.FirstUnicastAddress; u != nil; u = u.Next {
			if addr, ok := netip.AddrFromSlice(u.Address.IP()); ok {
				i.Addresses = append(i.Addresses, netip.PrefixFrom(addr, int(u.OnLinkPrefixLength)))
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// indexOf is the index of the interface for IPv4, or that for IPv6 where there is no IPv4; the two
// are the same.
func indexOf(a *windows.IpAdapterAddresses) int {
	if a.IfIndex != 0 {
		return int(a.IfIndex)
	}
	return int(a.Ipv6IfIndex)
}

const (
	noMulticast     = 0x10 // IP_ADAPTER_NO_MULTICAST (iptypes.h)
	accessBroadcast = 2    // NET_IF_ACCESS_BROADCAST (ifdef.h)
)

// accessOf tells of which kind the medium is (NET_IF_ACCESS_TYPE); 0, which is none of them, if the
// system doesn't say.
func accessOf(index int) uint32 {
	row := windows.MibIfRow2{InterfaceIndex: uint32(index)}
	if err := windows.GetIfEntry2Ex(windows.MibIfEntryNormalWithoutStatistics, &row); err != nil {
		return 0
	}
	return row.AccessType
}

func (k ipHelper) Routes() ([]Route, error) {
	var table *windows.MibIpForwardTable2
	if err := windows.GetIpForwardTable2(windows.AF_UNSPEC, &table); err != nil {
		return nil, fail("GetIpForwardTable2", err)
	}
	defer windows.FreeMibTable(unsafe.Pointer(table))
	names := k.names()
	var out []Route
	for _, row := range table.Rows() {
		if r, ok := routeOf(row, names); ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// names are the names of the interfaces by index; a route without one is still a route.
func (k ipHelper) names() map[uint32]string {
	names := map[uint32]string{}
	all, err := k.Interfaces()
	if err != nil {
		return names
	}
	for _, i := range all {
		names[uint32(i.Index)] = i.Name
	}
	return names
}

// bestRoute is the output of GetBestRoute2.
type bestRoute struct {
	row    windows.MibIpForwardRow2
	source windows.RawSockaddrInet
}

func (k ipHelper) RouteTo(a netip.Addr) (Route, error) {
	if err := procGetBestRoute2.Find(); err != nil {
		return Route{}, fail("GetBestRoute2", err)
	}
	to := sockaddrInet(a)
	var best bestRoute
	code, _, _ := procGetBestRoute2.Call(0, 0, 0, uintptr(unsafe.Pointer(&to)), 0,
		uintptr(unsafe.Pointer(&best.row)), uintptr(unsafe.Pointer(&best.source)))
	if code != 0 {
		return Route{}, fail("GetBestRoute2", syscall.Errno(code))
	}
	r, ok := routeOf(best.row, k.names())
	if !ok {
		return Route{}, sock.Errno("GetBestRoute2", "EAFNOSUPPORT", 0)
	}
	return r, nil
}

// routeOf translates a row. Windows has no kinds of routes; what it knows is that a route leads to
// this host (Loopback).
func routeOf(row windows.MibIpForwardRow2, names map[uint32]string) (Route, bool) {
	to, ok := addrOf(row.DestinationPrefix.Prefix)
	if !ok {
		return Route{}, false
	}
	r := Route{Destination: netip.PrefixFrom(to, int(row.DestinationPrefix.PrefixLength)), Interface: names[row.InterfaceIndex],
		Kind: "unicast"}
	if gateway, ok := addrOf(row.NextHop); ok && !gateway.IsUnspecified() {
		r.Gateway = gateway
	}
	switch {
	case to.IsMulticast():
		r.Kind = "multicast"
	case row.Loopback != 0:
		r.Kind = "local"
	}
	return r, true
}

// addrOf reads a SOCKADDR_INET, whose data begins behind family and port: the IPv4 address there,
// or the IPv6 address behind four bytes of flow information.
func addrOf(sa windows.RawSockaddrInet) (netip.Addr, bool) {
	data := (*[24]byte)(unsafe.Pointer(&sa.Data))
	switch sa.Family {
	case windows.AF_INET:
		return netip.AddrFrom4([4]byte(data[:])), true
	case windows.AF_INET6:
		return netip.AddrFrom16([16]byte(data[4:])), true
	default:
		return netip.Addr{}, false
	}
}

func sockaddrInet(a netip.Addr) windows.RawSockaddrInet {
	sa := windows.RawSockaddrInet{Family: windows.AF_INET6}
	at := 4
	if a.Is4() {
		sa.Family, at = windows.AF_INET, 0
	}
	copy((*[24]byte)(unsafe.Pointer(&sa.Data))[at:], a.AsSlice())
	return sa
}

// Switch has nothing to read: what Windows can be told about loopback is in the registry under
// other names, or in a property of the socket.
func (ipHelper) Switch(name string) (string, error) {
	return "", &sock.Error{Op: "read switch " + name, Outcome: observation.Unsupported, Err: errors.New("there is no sysctl on Windows")}
}

// fail names the error of an IP Helper call, which is a number of winerror.h.
func fail(op string, err error) error { return sock.SystemError(op, err) }
