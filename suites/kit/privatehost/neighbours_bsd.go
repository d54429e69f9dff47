//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"net/netip"

	"golang.org/x/net/route"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Neighbours reads the tables of ARP and neighbour discovery the way arp(8) and ndp(8) do: the
// entries of the routing table that have a link address.
func (m machine) Neighbours(index int) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		all, err := route.FetchRIB(family, unix.NET_RT_FLAGS, unix.RTF_LLINFO)
		if err != nil {
			return nil, sock.SystemError("list neighbours", err)
		}
		entries, err := route.ParseRIB(unix.NET_RT_FLAGS, all)
		if err != nil {
			return nil, sock.SystemError("list neighbours", err)
		}
		for _, e := range entries {
			if r, is := e.(*route.RouteMessage); is {
				if a, known := neighbour(r, index); known {
					out = append(out, a)
				}
			}
		}
	}
	return out, nil
}

// neighbour is the address that an entry knows a link address on this interface for. The host's own
// are there as well.
func neighbour(r *route.RouteMessage, index int) (netip.Addr, bool) {
	if len(r.Addrs) <= unix.RTAX_GATEWAY {
		return netip.Addr{}, false
	}
	link, is := r.Addrs[unix.RTAX_GATEWAY].(*route.LinkAddr)
	if !is || len(link.Addr) == 0 || r.Index != index && link.Index != index {
		return netip.Addr{}, false
	}
	switch to := r.Addrs[unix.RTAX_DST].(type) {
	case *route.Inet4Addr:
		return netip.AddrFrom4(to.IP), true
	case *route.Inet6Addr:
		return netip.AddrFrom16(to.IP), true
	}
	return netip.Addr{}, false
}
