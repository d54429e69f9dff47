package netif

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Leads returns where the kernel would send a packet off this host: it is asked for the route of
// just this packet (RTM_GETROUTE with user, protocol, addresses and ports,
// net/ipv4/route.c:inet_rtm_getroute()), with its rules and tables. Where it can't be asked,
// nothing is known to leave.
func Leads(p sock.Packet) string {
	messages, err := ask(p)
	if err != nil || len(messages) == 0 {
		return "" // it has no way there, or none that it tells
	}
	route := nl.DeserializeRtMsg(messages[0])
	attributes, err := nl.ParseRouteAttr(messages[0][route.Len():])
	if err != nil || route.Type == unix.RTN_LOCAL {
		return ""
	}
	out, gateway := 0, ""
	for _, a := range attributes {
		switch a.Attr.Type {
		case unix.RTA_OIF:
			out = int(binary.NativeEndian.Uint32(a.Value))
		case unix.RTA_GATEWAY:
			if to, ok := netip.AddrFromSlice(a.Value); ok {
				gateway = " to " + to.String()
			}
		}
	}
	i, err := net.InterfaceByIndex(out)
	switch {
	case out == 0:
		return ""
	case err != nil:
		return "by interface " + strconv.Itoa(out) + gateway
	case i.Flags&net.FlagLoopback != 0:
		return ""
	default:
		return "by " + i.Name + gateway
	}
}

// asker is the socket of this process for Leads, opened once: a run asks thousands of times.
var asker struct {
	sync.Mutex
	socket *nl.NetlinkSocket
}

// ask returns the kernel's answer to the question for one packet's route.
func ask(p sock.Packet) ([][]byte, error) {
	asker.Lock()
	defer asker.Unlock()
	if asker.socket == nil {
		socket, err := nl.GetNetlinkSocketAt(-1, -1, unix.NETLINK_ROUTE)
		if err != nil {
			return nil, err
		}
		asker.socket = socket
	}
	to, from := p.To.Addr().WithZone("").Unmap(), p.From.Addr().WithZone("").Unmap()
	question := nl.NewNetlinkRequest(unix.RTM_GETROUTE, 0)
	question.Sockets = map[int]*nl.SocketHandle{unix.NETLINK_ROUTE: {Socket: asker.socket}}
	family := uint8(unix.AF_INET6)
	if to.Is4() {
		family = unix.AF_INET
	}
	message := &nl.RtMsg{RtMsg: unix.RtMsg{Family: family, Dst_len: uint8(to.BitLen())}}
	question.AddData(message)
	question.AddData(nl.NewRtAttr(unix.RTA_DST, to.AsSlice()))
	if from.IsValid() && !from.IsUnspecified() && from.BitLen() == to.BitLen() {
		message.Src_len = uint8(from.BitLen())
		question.AddData(nl.NewRtAttr(unix.RTA_SRC, from.AsSlice()))
	}
	question.AddData(nl.NewRtAttr(unix.RTA_UID, nl.Uint32Attr(uint32(os.Geteuid()))))
	if protocol := protocolOf(p.Type, to); protocol != 0 {
		question.AddData(nl.NewRtAttr(unix.RTA_IP_PROTO, []byte{protocol}))
		if p.Type == sock.TCP || p.Type == sock.UDP {
			question.AddData(nl.NewRtAttr(unix.RTA_DPORT, binary.BigEndian.AppendUint16(nil, p.To.Port())))
		}
	}
	return question.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWROUTE)
}

// protocolOf returns the number of the protocol, as far as the kernel takes it
// (net/ipv4/fib_semantics.c: rtm_getroute_parse_ip_proto()).
func protocolOf(t sock.Type, to netip.Addr) uint8 {
	switch {
	case t == sock.TCP:
		return unix.IPPROTO_TCP
	case t == sock.UDP:
		return unix.IPPROTO_UDP
	case (t == sock.Ping || t == sock.RawICMP) && to.Is4():
		return unix.IPPROTO_ICMP
	case t == sock.Ping, t == sock.RawICMP:
		return unix.IPPROTO_ICMPV6
	default:
		return 0
	}
}

// bounds returns the prefixes by which routes and rules tell addresses apart.
func bounds() []netip.Prefix {
	var out []netip.Prefix
	routes, _ := dump(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_TABLE)
	})
	for _, r := range routes {
		if to, ok := prefixOf(r.Dst); ok {
			out = append(out, to)
		}
	}
	rules, _ := dump(func() ([]netlink.Rule, error) { return netlink.RuleList(netlink.FAMILY_V4) })
	for _, r := range rules {
		if to, ok := prefixOf(r.Dst); ok {
			out = append(out, to)
		}
	}
	return out
}
