//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package netif

import (
	"encoding/binary"
	"math/bits"
	"net"
	"net/netip"
	"strconv"

	"golang.org/x/net/route"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func kernel() Network { return routingBase{} }

// routingBase reads the routing information base and the switches by sysctl(3).
type routingBase struct{}

// Interfaces is net.Interfaces, which reads NET_RT_IFLIST on these systems and leaves the flags as
// they are.
func (routingBase) Interfaces() ([]Interface, error) { return standard() }

func (routingBase) Routes() ([]Route, error) {
	raw, err := route.FetchRIB(unix.AF_UNSPEC, route.RIBTypeRoute, 0)
	if err != nil {
		return nil, fail("sysctl NET_RT_DUMP", err)
	}
	messages, err := route.ParseRIB(route.RIBTypeRoute, raw)
	if err != nil {
		return nil, fail("sysctl NET_RT_DUMP", err)
	}
	names := map[int]string{}
	if all, err := net.Interfaces(); err == nil { // a route without the name of its interface is still a route
		for _, i := range all {
			names[i.Index] = i.Name
		}
	}
	var out []Route
	for _, m := range messages {
		r, is := m.(*route.RouteMessage)
		if !is || r.Flags&unix.RTF_UP == 0 {
			continue
		}
		if to, ok := destination(r); ok {
			out = append(out, Route{Destination: to, Interface: names[r.Index], Gateway: addrOf(at(r, unix.RTAX_GATEWAY)),
				Kind: kindOf(r.Flags)})
		}
	}
	return out, nil
}

// RouteTo matches the listing: RTM_GET would tell the same entry, and its answer differs from
// system to system.
func (k routingBase) RouteTo(a netip.Addr) (Route, error) {
	all, err := k.Routes()
	if err != nil {
		return Route{}, err
	}
	return longestMatch(all, a)
}

// kindOf reads the kind from the flags (route(4)). A reject route comes first, since it may be a
// host route too.
func kindOf(flags int) string {
	switch {
	case flags&unix.RTF_REJECT != 0:
		return "reject"
	case flags&unix.RTF_BLACKHOLE != 0:
		return "blackhole"
	case flags&rtfBroadcast != 0:
		return "broadcast"
	case flags&rtfMulticast != 0:
		return "multicast"
	case flags&rtfLocal != 0:
		return "local"
	default:
		return "unicast"
	}
}

func at(r *route.RouteMessage, index int) route.Addr {
	if index < len(r.Addrs) {
		return r.Addrs[index]
	}
	return nil
}

// destination is RTAX_DST with RTAX_NETMASK. A host route has no mask, and neither has a default
// route on some systems.
func destination(r *route.RouteMessage) (netip.Prefix, bool) {
	to := addrOf(at(r, unix.RTAX_DST))
	if !to.IsValid() {
		return netip.Prefix{}, false
	}
	mask := addrOf(at(r, unix.RTAX_NETMASK))
	switch {
	case r.Flags&unix.RTF_HOST != 0:
		return netip.PrefixFrom(to, to.BitLen()), true
	case mask.IsValid() && mask.BitLen() == to.BitLen():
		return netip.PrefixFrom(to, maskBits(mask)), true
	default:
		return netip.PrefixFrom(to, 0), to.IsUnspecified()
	}
}

func maskBits(mask netip.Addr) int {
	n := 0
	for _, b := range mask.AsSlice() {
		n += bits.OnesCount8(b)
	}
	return n
}

func addrOf(a route.Addr) netip.Addr {
	switch a := a.(type) {
	case *route.Inet4Addr:
		return netip.AddrFrom4(a.IP)
	case *route.Inet6Addr:
		return netip.AddrFrom16(a.IP)
	default: // AF_LINK: a gateway that is an interface
		return netip.Addr{}
	}
}

// Switch reads by sysctlbyname(3), or by number where there are no names. All switches of the kit
// are numbers of four or eight bytes; anything else is read as text.
func (routingBase) Switch(name string) (string, error) {
	raw, err := unix.SysctlRaw(name)
	if err != nil {
		return "", fail("sysctl "+name, err)
	}
	switch len(raw) {
	case 4:
		return strconv.FormatInt(int64(int32(binary.NativeEndian.Uint32(raw))), 10), nil
	case 8:
		return strconv.FormatInt(int64(binary.NativeEndian.Uint64(raw)), 10), nil
	default:
		return unix.ByteSliceToString(raw), nil
	}
}

func fail(op string, err error) error { return sock.SystemError(op, err) }
