package lab

import (
	"strings"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/host"
)

// switchFaults are sysctls with another value than the kernel's own.
func switchFaults() []Fault {
	return []Fault{{
		Name:   "ipv6-off",
		Does:   "IPv6 is disabled on every interface.",
		before: set("net.ipv6.conf.all.disable_ipv6=1"),
	}, {
		Name:   "route-localnet",
		Does:   "127.0.0.0/8 is routed like any other prefix, on every interface.",
		before: set("net.ipv4.conf.all.route_localnet=1"),
	}, {
		Name:  "route-localnet-cable",
		Does:  "127.0.0.0/8 is routed like any other prefix, on the cable's interface only.",
		after: onCable(func(netlink.Link) error { return write("net.ipv4.conf."+cableName(0)+".route_localnet", "1") }),
	}, {
		Name:   "accept-local",
		Does:   "Packets from this host's own addresses are accepted from outside, and the reverse path is not checked.",
		Spared: "a loopback source is a martian before that switch is asked (ip_route_input_slow, fib_validate_source)",
		before: set("net.ipv4.conf.all.accept_local=1", "net.ipv4.conf.all.rp_filter=0"),
	}, {
		Name:   "forward-localnet",
		Does:   "The host is a router, and routes 127.0.0.0/8 like any other prefix.",
		before: set("net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1"),
	}, {
		Name:   "echo-ignored",
		Does:   "ICMP echo requests are not answered.",
		before: set("net.ipv4.icmp_echo_ignore_all=1"),
	}, {
		Name:   "echo6-ignored",
		Does:   "ICMPv6 echo requests are not answered.",
		before: set("net.ipv6.icmp.echo_ignore_all=1"),
	}, {
		Name:   "nonlocal-bind",
		Does:   "lo carries 127.0.0.1/32 only, and any address may be bound, though it is none of this host's.",
		before: set("net.ipv4.ip_nonlocal_bind=1", "net.ipv6.ip_nonlocal_bind=1"),
		after:  onLo(only127001),
	}, {
		Name:   "v6only",
		Does:   "IPV6_V6ONLY is on by default.",
		Spared: "the specs set the option themselves, where it matters; what is its default is in the observations",
		before: set("net.ipv6.bindv6only=1"),
	}, {
		Name:   "low-ports-free",
		Does:   "Ports below 1024 need no privilege.",
		before: set("net.ipv4.ip_unprivileged_port_start=0"),
	}}
}

// set makes a fault of switches, each NAME=VALUE.
func set(all ...string) func(*host.Arrangement) {
	return func(a *host.Arrangement) {
		for _, s := range all {
			name, value, _ := strings.Cut(s, "=")
			a.Switches = append(a.Switches, [2]string{name, value})
		}
	}
}
