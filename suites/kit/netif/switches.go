package netif

// PolicyRules is a setting without a sysctl: the rules (ip-rule(8)) that decide which routing
// tables count for a packet to 127.0.0.0/8. There is no such setting while they are as Linux makes
// them.
const PolicyRules = "ip rule"

// Switches lists the settings that change how loopback answers, by their sysctl names, for all
// systems together. A host has some of them; those that it has belong into its report.
func Switches() []string {
	return []string{
		// Linux, ip-sysctl.rst. The value that holds for an interface is made of "all" and its own.
		"net.ipv4.conf.all.route_localnet", "net.ipv4.conf.default.route_localnet", "net.ipv4.conf.lo.route_localnet",
		"net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter", "net.ipv4.conf.lo.rp_filter",
		"net.ipv4.conf.all.accept_local", "net.ipv4.conf.default.accept_local", "net.ipv4.conf.lo.accept_local",
		"net.ipv4.conf.all.arp_ignore", "net.ipv4.conf.all.arp_announce",
		"net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv6.bindv6only",
		"net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.lo.disable_ipv6",
		"net.ipv4.ip_unprivileged_port_start", "net.ipv4.icmp_echo_ignore_all", "net.ipv4.icmp_echo_ignore_broadcasts",
		"net.ipv4.ping_group_range", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", PolicyRules,
		// FreeBSD and its relatives; what several systems share has one name.
		"net.inet.ip.loopback_prefixlen", "net.inet.ip.allow_net0", "net.inet.ip.allow_net240",
		"net.inet.ip.broadcast_lowest", "net.inet.ip.connect_inaddr_wild", "net.inet6.ip6.connect_in6addr_wild",
		"net.inet6.ip6.v6only", "net.inet.tcp.blackhole", "net.inet.udp.blackhole",
		"net.inet.ip.forwarding", "net.inet6.ip6.forwarding", "security.jail.jailed",
		// NetBSD, and macOS with an underscore (0 weak, 1 hybrid, 2 strong).
		"net.inet.ip.checkinterface", "net.inet.ip.check_interface",
	}
}
