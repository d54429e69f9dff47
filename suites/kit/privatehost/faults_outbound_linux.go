package privatehost

import (
	"net"
	"slices"

	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// outboundFaults keep loopback addresses off the cable where this kernel lets them through: the
// remedies of others.
func outboundFaults() []Fault {
	return []Fault{{
		Name:  "loopback-rejected",
		Does:  "Reject routes for 127.0.0.0/8 and ::1 stand in the main table, as start scripts of the BSDs make them.",
		Turns: []string{"v4.egress.dst.devbind", "v4.egress.dst.noroute"},
		after: steps(rejecting("127.0.0.0/8"), rejecting("::1/128")),
	}, {
		Name:  "loopback-sources-dropped",
		Does:  "The packet filter drops what leaves over the cable with a loopback address as its source.",
		Turns: []string{"v4.egress.src.raw", "v6.egress.src"},
		after: steps(rule(leaving(), both(outOf(cableName(0)), fromBlock()), drop()),
			rule(leaving(), both(outOf(cableName(0)), fromOne6()), drop())),
	}}
}

// rejecting makes a reject route (ip-route(8), type unreachable).
func rejecting(prefix string) step {
	return func(host.Arrangement) error {
		to, err := netlink.ParseIPNet(prefix)
		if err != nil {
			return err
		}
		return netlink.RouteAdd(&netlink.Route{Dst: to, Type: unix.RTN_UNREACHABLE})
	}
}

// fromBlock matches packets from 127.0.0.0/8, by the first byte of the address.
func fromBlock() match {
	return both(ipv4(), match{header(expr.PayloadBaseNetworkHeader, ipSource, 1), is(127)})
}

func fromOne6() match {
	return slices.Concat(match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1}, is(unix.NFPROTO_IPV6)},
		match{header(expr.PayloadBaseNetworkHeader, ip6Source, net.IPv6len), is(net.IPv6loopback...)})
}
