package lab

import (
	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// filterFaults are rules of the packet filter that drop, rewrite or copy.
func filterFaults() []Fault {
	return []Fault{{
		Name:  "one-address-dropped",
		Does:  "Packets to 127.128.0.0, one address of the sample, are dropped on arrival.",
		after: rule(arriving(), to("127.128.0.0"), drop()),
	}, {
		Name:  "closed-ports-silent",
		Does:  "The resets of closed ports and port unreachable messages are dropped, so that a closed port is silent.",
		after: steps(rule(arriving(), refusals(), drop()), rule(arriving(), icmp(icmpDestUnr), drop())),
	}, {
		Name:  "ping-dropped",
		Does:  "Echo requests to 127.0.0.2 are dropped.",
		after: rule(arriving(), both(to("127.0.0.2"), icmp(icmpEchoRequest)), drop()),
	}, {
		Name:  "dnat",
		Does:  "What is sent to 127.0.0.2 is redirected to 127.0.0.1.",
		after: rule(redirecting(), to("127.0.0.2"), rewritten(expr.NATTypeDestNAT, "127.0.0.1")),
	}, {
		Name:  "snat",
		Does:  "What is sent to 127.0.0.2 comes from 127.0.0.9.",
		after: rule(masquerading(), to("127.0.0.2"), rewritten(expr.NATTypeSourceNAT, "127.0.0.9")),
	}, {
		Name:  "copied-to-cable",
		Does:  "What is sent over lo is also sent to the neighbour.",
		after: onCable(copiedTo("198.51.100.2")),
	}, {
		Name:     "every-third-dropped",
		Does:     "Every third packet on lo is dropped.",
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

// rejectFaults deny 127.0.0.2, one for each verb of a filter.
func rejectFaults() []Fault {
	var out []Fault
	for _, v := range host.Verbs() {
		out = append(out, Fault{
			Name:  "two-" + string(v),
			Does:  "What is sent to 127.0.0.2 meets a rule with the verb " + string(v) + ".",
			after: rule(arriving(), to("127.0.0.2"), actionOf(host.FilterRule{Verb: v})),
		})
	}
	return out
}
