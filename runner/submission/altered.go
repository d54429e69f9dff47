package submission

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// usual are the values of switches with which the systems come that have them. Those that a
// distribution or a container runtime sets by itself (rp_filter, forwarding, the first port without
// privilege, who may ping) are not among them.
var usual = []struct{ name, value string }{
	{"net.ipv4.conf.all.accept_local", "0"}, {"net.ipv4.conf.default.accept_local", "0"}, {"net.ipv4.conf.lo.accept_local", "0"},
	{"net.ipv4.conf.all.arp_announce", "0"}, {"net.ipv4.conf.all.arp_ignore", "0"},
	{"net.ipv4.conf.all.route_localnet", "0"}, {"net.ipv4.conf.default.route_localnet", "0"}, {"net.ipv4.conf.lo.route_localnet", "0"},
	{"net.ipv4.icmp_echo_ignore_all", "0"}, {"net.ipv4.ip_nonlocal_bind", "0"}, {"net.ipv6.ip_nonlocal_bind", "0"},
	{"net.ipv6.conf.all.disable_ipv6", "0"}, {"net.ipv6.conf.lo.disable_ipv6", "0"},
	{"net.inet.tcp.blackhole", "0"}, {"net.inet.udp.blackhole", "0"},
}

// altered refuses the report of a machine that is not as its system comes: one on which loopback
// has a cause for trouble, other than that of a system with a single address, or whose switches or
// policy rules were changed. Its answers would stand as those of the system.
func (f findings) altered() {
	// Docker turns IPv6 off in its containers, and leaves ::1 in their hosts file.
	contained := func(of string) bool {
		return f.Report.Platform.Environment == "container" && (of == cause.IPv6Off || of == cause.DeadIPv6 || strings.HasSuffix(of, ".disable_ipv6"))
	}
	const again = "; measure a machine that is as its system comes"
	for _, c := range cause.Find(cause.Facts{Report: f.Report}) {
		if c.ID != cause.OneAddress && !contained(c.ID) {
			f.add("results", "this machine was altered. %s It was seen by %s%s", c.Says, c.Seen[0], again)
		}
	}
	set := f.Report.Platform.State.Switches
	if rules := set[netif.PolicyRules]; rules != "" {
		f.add("platform.state.switches", "its policy rules are not the usual ones (%s)%s", rules, again)
	}
	for _, s := range usual {
		if is, has := set[s.name]; has && is != s.value && !contained(s.name) {
			f.add("platform.state.switches", "%s is %s, and %s where nothing was changed%s", s.name, is, s.value, again)
		}
	}
}
