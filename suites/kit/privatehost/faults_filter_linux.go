package privatehost

import (
	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// filterFaults are rules of the packet filter that drop, rewrite or copy.
func filterFaults() []Fault {
	return []Fault{{
		Name: "one-address-dropped",
		Does: "Packets to 127.128.0.0, one address of the sample, are dropped on arrival.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp", "v4.closed.refused",
			"filter.lo.default"},
		after: rule(arriving(), to("127.128.0.0"), drop()),
	}, {
		Name: "closed-ports-silent",
		Does: "The resets of closed ports and port unreachable messages are dropped, so that a closed port is silent.",
		Turns: []string{"v4.closed.refused", "v4.closed.latency", "v4.closed.bound", "filter.peraddr.errno", "filter.selfreject",
			"filter.lo.default"},
		Observes: map[string]string{"filter.selfreject": "swallowed-on-one → swallowed-on-both"},
		after:    steps(rule(arriving(), refusals(), drop()), rule(arriving(), icmp(icmpDestUnr), drop())),
	}, {
		Name:  "ping-dropped",
		Does:  "Echo requests to 127.0.0.2 are dropped.",
		Turns: []string{"v4.block.delivery.icmp", "filter.lo.default", "if.lo.alias"},
		after: rule(arriving(), both(to("127.0.0.2"), icmp(icmpEchoRequest)), drop()),
	}, {
		Name: "dnat",
		Does: "What is sent to 127.0.0.2 is redirected to 127.0.0.1.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.wildcard.covers", "bind.isolation.tcp",
			"bind.isolation.udp", "src.select.127.0.0.2", "sock.names", "udp.wildreply", "filter.peraddr.deny",
			"filter.peraddr.src", "filter.selfreject", "filter.lo.default", "v6.mapped.block", "v6.wild.dual",
			"name.alias", "if.lo.alias"},
		Observes: map[string]string{
			"name.alias":   "own-listener → other-listener",
			"v6.wild.dual": "dual → dual-127.0.0.1",
		},
		after: rule(redirecting(), to("127.0.0.2"), rewritten(expr.NATTypeDestNAT, "127.0.0.1")),
	}, {
		Name: "snat",
		Does: "What is sent to 127.0.0.2 comes from 127.0.0.9.",
		Turns: []string{"v4.block.delivery.tcp", "v4.wildcard.covers", "v4.egress.arp.src", "src.select.127.0.0.2",
			"sock.names", "filter.peraddr.deny", "filter.peraddr.src", "filter.selfreject", "filter.lo.default",
			"v6.mapped.block", "v6.wild.dual", "if.lo.alias"},
		Observes: map[string]string{
			"v4.block.delivery.tcp": "whole-block → delivered-rewritten",
			"v6.wild.dual":          "dual → dual-127.0.0.1",
		},
		after: rule(masquerading(), to("127.0.0.2"), rewritten(expr.NATTypeSourceNAT, "127.0.0.9")),
	}, {
		Name: "copied-to-cable",
		Does: "What is sent over lo is also sent to the neighbour.",
		Turns: []string{"v4.egress.dst.default", "src.select.hostaddr", "src.mixed.in", "src.mixed.out",
			"name.reverse.block", "if.lo.down"},
		Observes: map[string]string{
			"src.mixed.in":  "allowed → leaves",
			"src.mixed.out": "allowed → leaves",
		},
		after: onCable(copiedTo("198.51.100.2")),
	}, {
		Name: "every-third-dropped",
		Does: "Every third packet on lo is dropped.",
		Turns: []string{"v4.block.delivery.icmp", "v4.closed.refused", "v4.edge.near", "v4.block.interface",
			"bind.isolation.udp", "v6.lo.delivery"},
		Unsteady: true,
		after:    rule(arriving(), both(into("lo"), every(3)), drop()),
	}}
}

// copiedTo is a change that copies what leaves over lo to an address behind an interface.
func copiedTo(address string) func(netlink.Link) error {
	return func(link netlink.Link) error {
		conn, err := nftables.New()
		if err != nil {
			return err
		}
		add(conn, "fault", copying(), outOf("lo"), copied(address, link.Attrs().Index))
		return conn.Flush()
	}
}

// rejectFaults deny 127.0.0.2, one for each verb of a filter. A closed port is refused with
// port-unreachable anyway.
func rejectFaults() []Fault {
	turns := []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp", "v4.wildcard.covers",
		"bind.isolation.tcp", "bind.isolation.udp", "src.select.127.0.0.2", "src.bound.any127", "udp.wildreply",
		"port.space", "filter.peraddr.deny", "filter.peraddr.src", "filter.selfreject", "filter.lo.default",
		"v6.mapped.block", "v6.wild.dual", "name.alias", "if.lo.alias"}
	var out []Fault
	for _, v := range host.Verbs() {
		f := Fault{
			Name:     "two-" + string(v),
			Does:     "What is sent to 127.0.0.2 meets a rule with the verb " + string(v) + ".",
			Turns:    turns,
			Observes: map[string]string{"v6.wild.dual": "dual → dual-127.0.0.1"},
			after:    rule(arriving(), to("127.0.0.2"), actionOf(host.FilterRule{Verb: v})),
		}
		if v != host.PortUnreachable {
			f.Turns = append([]string{"v4.closed.refused"}, turns...)
		}
		if v == host.AdminProhibited || v == host.NetProhibited || v == host.HostProhibited { // these are told to UDP as well
			f.Observes["v4.closed.refused"] = "refused → fails-at-once"
		}
		out = append(out, f)
	}
	return out
}
