package privatehost

import (
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// routeFaults are about how loopback addresses are routed.
func routeFaults() []Fault {
	return []Fault{{
		Name: "local-rule-last",
		Does: "The table of local routes is asked after the main one, which routes 127.0.0.0/8 to the cable.",
		Turns: []string{"v4.addr1.delivery", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp",
			"v4.icmp.replysrc", "v4.edge.low", "v4.edge.high", "v4.edge.near", "v4.broadcast.permission",
			"v4.wildcard.covers", "v4.closed.refused", "v4.closed.latency", "v4.closed.bound", "v4.unspecified.connect", "v4.ttl.one",
			"v4.udp.maxsize", "v4.selfconnect", "v4.block.interface", "v4.egress.dst.default", "v4.egress.dst.devbind",
			"v4.egress.dst.noroute", "v4.egress.dst.noarp", "v4.ingress.dst", "v4.ingress.src", "v4.ingress.noicmp",
			"v4.ingress.noarpreply", "v4.ingress.arpsender", "v4.neighbour.bypass", "v4.neighbour.bypass.opt",
			"v4.weakhost.lo-alias", "v4.redirect.rdr", "bind.isolation.tcp", "bind.isolation.udp",
			"bind.reuseaddr.exact", "bind.reuseport", "bind.precedence", "bind.hijack.sameuser",
			"bind.hijack.otheruser", "bind.v4v6.independent", "bind.capacity", "src.select.127.0.0.1",
			"src.select.127.0.0.2", "src.select.hostaddr", "src.bound.any127", "src.mixed.in", "src.mixed.out",
			"sock.names", "udp.wildreply", "udp.connected.filter", "port.space", "sandbox.loopback",
			"v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.wild.dual", "name.reverse.block",
			"app.redirect", "rt.v4.block", "if.lo.down"},
		Observes: map[string]string{
			"v4.edge.low":             "unicast → unreachable",
			"v4.edge.high":            "broadcast → unreachable",
			"v4.broadcast.permission": "needed → no-such-destination",
			"v4.closed.latency":       "under-100ms → no-refusal",
			"v4.unspecified.connect":  "127.0.0.1 → EINVAL",
			"v4.udp.maxsize":          "65507 → none",
			"v4.selfconnect":          "connects → EINVAL",
			"v4.block.interface":      "loopback → nothing-arrives",
			"bind.capacity":           "at-least-256 → unanswered",
			"src.select.127.0.0.2":    "source=127.0.0.1 → unreachable",
			"src.bound.any127":        "seen → EINVAL",
			"sandbox.loopback":        "free → silent",
			"app.redirect":            "both → only-::1",
			"rt.v4.block":             "whole-block → elsewhere",
		},
		after: steps(localRuleLast, onCable(routed("127.0.0.0/8"))),
	}, {
		Name:  "loopback-address-on-cable",
		Does:  "The cable's interface carries 127.9.0.1/16.",
		Turns: []string{"v4.block.interface", "v4.assign.nonlo", "rt.v4.block"},
		Observes: map[string]string{
			"v4.block.interface": "loopback → partial",
			"v4.assign.nonlo":    "accepted → EEXIST",
			"rt.v4.block":        "whole-block → partial",
		},
		after: onCable(address("127.9.0.1/16")),
	}, {
		Name:  "zeronet-blackhole",
		Does:  "The main table has a blackhole for 0.1.0.0/16.",
		Turns: []string{"v4.zeronet.send"},
		after: blackhole("0.1.0.0/16"),
	}}
}

func blackhole(prefix string) step {
	return func(host.Arrangement) error {
		to, err := netlink.ParseIPNet(prefix)
		if err != nil {
			return err
		}
		return netlink.RouteAdd(&netlink.Route{Dst: to, Type: unix.RTN_BLACKHOLE})
	}
}

// localRuleLast moves the rule that asks the local table, which is the first, behind the one for
// the main table, as `ip rule add pref 32766; ip rule del pref 0` does.
func localRuleLast(host.Arrangement) error {
	last := netlink.NewRule()
	last.Priority, last.Table = 32767, unix.RT_TABLE_LOCAL
	if err := netlink.RuleAdd(last); err != nil {
		return err
	}
	first := netlink.NewRule()
	first.Priority, first.Table = 0, unix.RT_TABLE_LOCAL
	return netlink.RuleDel(first)
}

// routed is a change that sends what goes to a prefix over an interface.
func routed(prefix string) func(netlink.Link) error {
	return func(link netlink.Link) error {
		to, err := netlink.ParseIPNet(prefix)
		if err != nil {
			return err
		}
		return netlink.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Dst: to, Scope: netlink.SCOPE_LINK})
	}
}
