package lab

import (
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// routeFaults are about how loopback addresses are routed.
func routeFaults() []Fault {
	return []Fault{{
		Name:  "local-rule-last",
		Does:  "The table of local routes is asked after the main one, which routes 127.0.0.0/8 to the cable.",
		after: steps(localRuleLast, onCable(routed("127.0.0.0/8"))),
	}, {
		Name:  "loopback-address-on-cable",
		Does:  "The cable's interface carries 127.9.0.1/16.",
		after: onCable(address("127.9.0.1/16")),
	}}
}

// localRuleLast moves the rule that asks the local table, which is the first, behind the one for the main table, as
// `ip rule add pref 32766; ip rule del pref 0` does.
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
