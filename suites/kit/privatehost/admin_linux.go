package privatehost

import (
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// administrator changes this network namespace over rtnetlink.
func administrator() host.Admin { return rtnetlink{} }

type rtnetlink struct{}

func (rtnetlink) SetUp(index int, up bool) error {
	link, err := netlink.LinkByIndex(index)
	switch {
	case err != nil:
	case up:
		err = netlink.LinkSetUp(link)
	default:
		err = netlink.LinkSetDown(link)
	}
	return sock.SystemError("set link", err)
}

func (rtnetlink) Assign(index int, address netip.Prefix) error {
	return change("assign address", index, address, assign)
}

func (rtnetlink) Remove(index int, address netip.Prefix) error {
	return change("remove address", index, address, func(link netlink.Link, a *netlink.Addr) error {
		a.Broadcast = net.IPv4zero // names none, which says nothing to Linux, and gVisor would refuse the request
		return netlink.AddrDel(link, a)
	})
}

func change(op string, index int, address netip.Prefix, call func(netlink.Link, *netlink.Addr) error) error {
	link, err := netlink.LinkByIndex(index)
	if err == nil {
		a := &netlink.Addr{IPNet: network(address)}
		if address.Addr().Is6() {
			a.Flags = unix.IFA_F_NODAD // it is used at once
		}
		err = call(link, a)
	}
	return sock.SystemError(op, err)
}

func network(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

func (rtnetlink) Route(to netip.Prefix, index int, gateway netip.Addr) error {
	r := &netlink.Route{LinkIndex: index, Dst: network(to), Scope: netlink.SCOPE_LINK}
	if gateway.IsValid() {
		r.Gw, r.Scope = gateway.AsSlice(), netlink.SCOPE_UNIVERSE
	}
	return sock.SystemError("add route", netlink.RouteAdd(r))
}

func (rtnetlink) Set(name, value string) error {
	return sock.SystemError("set switch", write(name, value))
}

// unknown are the states of entries without a hardware address (include/uapi/linux/neighbour.h).
// NUD_NOARP is that of addresses which need none, such as multicast groups.
const unknown = netlink.NUD_INCOMPLETE | netlink.NUD_FAILED | netlink.NUD_NOARP

func (rtnetlink) Neighbours(index int) ([]netip.Addr, error) {
	table, err := netlink.NeighList(index, netlink.FAMILY_ALL)
	var out []netip.Addr
	for _, n := range table {
		if a, is := netip.AddrFromSlice(n.IP); is && n.State != netlink.NUD_NONE && n.State&unknown == 0 {
			out = append(out, a)
		}
	}
	return out, sock.SystemError("list neighbours", err)
}
