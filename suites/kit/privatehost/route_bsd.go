//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"

	"golang.org/x/net/route"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
)

// rtmType is the offset of the type in a routing message, which is the same on all these systems
// (route(4)).
const rtmType = 3

// routes gives the messages that describe the routes for which wanted is true, as the kernel wrote
// them: sent back with another type they make the very same route.
func routes(wanted func(*route.RouteMessage) bool) ([][]byte, error) {
	all, err := route.FetchRIB(unix.AF_UNSPEC, route.RIBTypeRoute, 0)
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	var out [][]byte
	for len(all) > rtmType {
		size := int(binary.NativeEndian.Uint16(all))
		if size <= rtmType || size > len(all) {
			return nil, fmt.Errorf("list routes: a message of %d bytes, in %d", size, len(all))
		}
		// A message that does not parse is no route over IP.
		if parsed, err := route.ParseRIB(route.RIBTypeRoute, all[:size]); err == nil && len(parsed) == 1 {
			if r, is := parsed[0].(*route.RouteMessage); is && wanted(r) {
				out = append(out, append([]byte(nil), all[:size]...))
			}
		}
		all = all[size:]
	}
	return out, nil
}

// isDefault says whether a route is a default route to a gateway.
func isDefault(r *route.RouteMessage) bool {
	const needed = unix.RTF_UP | unix.RTF_GATEWAY
	return r.Flags&needed == needed && r.Flags&unix.RTF_HOST == 0 && len(r.Addrs) > unix.RTAX_NETMASK &&
		zero(r.Addrs[unix.RTAX_DST], false) && zero(r.Addrs[unix.RTAX_NETMASK], true)
}

// zero says whether an address is unspecified; one that is not there is, if orNone says so.
func zero(a route.Addr, orNone bool) bool {
	switch a := a.(type) {
	case *route.Inet4Addr:
		return a.IP == [4]byte{}
	case *route.Inet6Addr:
		return a.IP == [16]byte{}
	default:
		return a == nil && orNone
	}
}

// typed is the same message with another type.
func typed(message []byte, kind byte) []byte {
	out := append([]byte(nil), message...)
	out[rtmType] = kind
	return out
}

// dropDefaults removes the default routes of the machine; they come back afterwards.
func dropDefaults(w will) error {
	defaults, err := routes(isDefault)
	if err != nil {
		return err
	}
	for _, d := range defaults {
		if err := w(undo.Step{Kind: "route", Args: []string{"add default"}, Raw: typed(d, unix.RTM_ADD)}); err != nil {
			return err
		}
		if err := settled(tellRoute(typed(d, unix.RTM_DELETE))); err != nil {
			return fmt.Errorf("remove the default route: %w", err)
		}
	}
	return nil
}

// tellRoute sends a message over a routing socket.
func tellRoute(message []byte) error {
	fd, err := unix.Socket(unix.AF_ROUTE, unix.SOCK_RAW, unix.AF_UNSPEC)
	if err != nil {
		return fmt.Errorf("routing socket: %w", err)
	}
	defer func() { _ = unix.Close(fd) }()
	_, err = unix.Write(fd, message)
	return err
}

// addRoute makes a route, to the gateway if it is valid and to the link with this index otherwise.
func addRoute(to netip.Prefix, index int, gateway netip.Addr, w will) error {
	m := route.RouteMessage{Version: unix.RTM_VERSION, Type: unix.RTM_ADD, Flags: unix.RTF_UP | unix.RTF_STATIC,
		ID: uintptr(os.Getpid()), Seq: 1, Addrs: make([]route.Addr, unix.RTAX_NETMASK+1)}
	m.Addrs[unix.RTAX_DST] = routeAddr(to.Masked().Addr())
	mask, _ := netip.AddrFromSlice(net.CIDRMask(to.Bits(), to.Addr().BitLen()))
	m.Addrs[unix.RTAX_NETMASK] = routeAddr(mask)
	if gateway.IsValid() {
		m.Flags |= unix.RTF_GATEWAY
		m.Addrs[unix.RTAX_GATEWAY] = routeAddr(gateway)
	} else {
		m.Addrs[unix.RTAX_GATEWAY] = &route.LinkAddr{Index: index}
	}
	message, err := m.Marshal()
	if err != nil {
		return fmt.Errorf("route to %s: %w", to, err)
	}
	if err := w(undo.Step{Kind: "route", Args: []string{"delete", to.String()}, Raw: typed(message, unix.RTM_DELETE)}); err != nil {
		return err
	}
	if err := tellRoute(message); err != nil {
		return fmt.Errorf("route to %s: %w", to, err)
	}
	return nil
}

func routeAddr(a netip.Addr) route.Addr {
	if a.Is4() {
		return &route.Inet4Addr{IP: a.As4()}
	}
	return &route.Inet6Addr{IP: a.As16()}
}
