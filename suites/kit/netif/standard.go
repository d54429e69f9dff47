//go:build !linux && !windows

package netif

import (
	"net"
	"net/netip"
)

// standard lists the interfaces by means of Go's net package.
func standard() ([]Interface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fail("list interfaces", err)
	}
	out := make([]Interface, len(all))
	for n, i := range all {
		out[n] = Interface{Index: i.Index, Name: i.Name, MTU: int64(i.MTU), Up: i.Flags&net.FlagUp != 0,
			Loopback: i.Flags&net.FlagLoopback != 0, Broadcast: i.Flags&net.FlagBroadcast != 0,
			Multicast: i.Flags&net.FlagMulticast != 0, Hardware: i.HardwareAddr.String()}
		addresses, err := i.Addrs()
		if err != nil {
			return nil, fail("list addresses", err)
		}
		for _, a := range addresses {
			if p, ok := prefixOfNet(a); ok {
				out[n].Addresses = append(out[n].Addresses, p)
			}
		}
	}
	return out, nil
}

// prefixOfNet reads what net.Interface.Addrs lists. Go holds IPv4 addresses in either length, so
// the mask tells which family it is.
func prefixOfNet(a net.Addr) (netip.Prefix, bool) {
	n, is := a.(*net.IPNet)
	if !is {
		return netip.Prefix{}, false
	}
	ones, length := n.Mask.Size()
	addr, ok := netip.AddrFromSlice(n.IP)
	if length == 32 {
		addr = addr.Unmap()
	}
	return netip.PrefixFrom(addr, ones), ok
}
