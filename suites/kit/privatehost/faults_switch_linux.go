package privatehost

import (
	"strings"

	"github.com/vishvananda/netlink"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// switchFaults are sysctls with another value than the kernel's own.
func switchFaults() []Fault { return append(routeSwitches(), stackSwitches()...) }

// routeSwitches are about loopback addresses on other interfaces.
func routeSwitches() []Fault {
	return []Fault{{
		Name: "route-localnet",
		Does: "127.0.0.0/8 is routed like any other prefix, on every interface.",
		Turns: []string{"v4.egress.src.bound", "v4.egress.arp.src", "v4.ingress.dst", "v4.ingress.src",
			"v4.ingress.noicmp", "v4.ingress.noarpreply", "v4.ingress.arpsender", "v4.forward.dst", "v4.forward.src",
			"v4.forward.default", "v4.neighbour.bypass", "v4.neighbour.bypass.opt", "v4.redirect.rdr"},
		Observes: map[string]string{
			"v4.ingress.arpsender":    "ignored → learned",
			"v4.neighbour.bypass.opt": "opens → open-anyway",
			"v4.redirect.rdr":         "dropped → accepted",
		},
		before: set("net.ipv4.conf.all.route_localnet=1"),
	}, {
		Name: "route-localnet-cable",
		Does: "127.0.0.0/8 is routed like any other prefix, on the cable's interface only.",
		Turns: []string{"v4.egress.src.bound", "v4.egress.arp.src", "v4.ingress.dst", "v4.ingress.src",
			"v4.ingress.noicmp", "v4.ingress.noarpreply", "v4.ingress.arpsender", "v4.neighbour.bypass",
			"v4.neighbour.bypass.opt", "v4.redirect.rdr"},
		Observes: map[string]string{
			"v4.ingress.arpsender":    "ignored → learned",
			"v4.neighbour.bypass.opt": "opens → open-anyway",
			"v4.redirect.rdr":         "dropped → accepted",
		},
		after: onCable(func(netlink.Link) error { return write("net.ipv4.conf."+cableName(0)+".route_localnet", "1") }),
	}, {
		Name:   "accept-local",
		Does:   "Packets from this host's own addresses are accepted from outside, and the reverse path is not checked.",
		Spared: "a loopback source is a martian before that switch is asked (ip_route_input_slow, fib_validate_source)",
		before: set("net.ipv4.conf.all.accept_local=1", "net.ipv4.conf.all.rp_filter=0"),
	}, {
		Name: "forward-localnet",
		Does: "The host is a router, and routes 127.0.0.0/8 like any other prefix.",
		Turns: []string{"v4.egress.src.bound", "v4.egress.arp.src", "v4.ingress.dst", "v4.ingress.src",
			"v4.ingress.noicmp", "v4.ingress.noarpreply", "v4.ingress.arpsender", "v4.forward.dst", "v4.forward.src",
			"v4.forward.default", "v4.neighbour.bypass", "v4.neighbour.bypass.opt", "v4.redirect.rdr"},
		Observes: map[string]string{
			"v4.ingress.arpsender":    "ignored → learned",
			"v4.neighbour.bypass.opt": "opens → open-anyway",
			"v4.redirect.rdr":         "dropped → accepted",
		},
		before: set("net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1"),
	}}
}

// stackSwitches are about what the host says and what its sockets may do.
func stackSwitches() []Fault {
	return []Fault{{
		Name: "ipv6-off",
		Does: "IPv6 is disabled on every interface.",
		Turns: []string{"bind.v4v6.independent", "v6.lo.delivery", "v6.lo.only", "v6.lo.prefix", "v6.lo.notphysical",
			"v6.egress.src", "v6.egress.dst", "v6.ingress.dst", "v6.ingress.src", "v6.forward", "v6.nd.noanswer",
			"v6.src.select", "v6.scope", "v6.lla.lo", "v6.mapped.wire", "v6.compat", "v6.multicast.lo", "v6.unspecified.connect",
			"name.localhost.v6", "name.localhost.order", "app.redirect", "if.lo.v6", "rt.v6", "if.lo.down"},
		Observes: map[string]string{
			"name.localhost.order": "::1-first → 127.0.0.1-first-no-::1",
			"app.redirect":         "both → only-127.0.0.1",
			"rt.v6":                "host-route → none",
		},
		before: set("net.ipv6.conf.all.disable_ipv6=1"),
	}, {
		Name:     "echo-ignored",
		Does:     "ICMP echo requests are not answered.",
		Turns:    []string{"v4.addr1.delivery", "v4.block.delivery.icmp", "v4.icmp.replysrc", "v4.edge.near", "if.lo.alias"},
		Observes: map[string]string{"if.lo.alias": "works → partial"},
		before:   set("net.ipv4.icmp_echo_ignore_all=1"),
	}, {
		Name:   "echo6-ignored",
		Does:   "ICMPv6 echo requests are not answered.",
		Turns:  []string{"v6.lo.delivery"},
		before: set("net.ipv6.icmp.echo_ignore_all=1"),
	}, {
		Name: "nonlocal-bind",
		Does: "lo carries 127.0.0.1/32 only, and any address may be bound, though it is none of this host's.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp", "v4.edge.low",
			"v4.edge.high", "v4.edge.near", "v4.broadcast.permission", "v4.wildcard.covers", "v4.closed.refused",
			"v4.egress.dst.default", "bind.isolation.tcp", "bind.isolation.udp", "bind.capacity",
			"src.select.127.0.0.2", "src.bound.any127", "udp.wildreply", "udp.connected.filter", "port.space",
			"filter.peraddr.deny", "filter.peraddr.errno", "filter.peraddr.src", "filter.selfreject",
			"filter.lo.default", "v6.mapped.block", "v6.wild.dual", "name.alias", "if.lo.v4", "rt.v4.block",
			"if.lo.down"},
		Observes: map[string]string{
			"v4.edge.low":             "unicast → unreachable",
			"v4.edge.high":            "broadcast → unreachable",
			"v4.broadcast.permission": "needed → no-such-destination",
			"v4.closed.refused":       "refused → fails-at-once",
			"bind.capacity":           "at-least-256 → unanswered",
			"src.select.127.0.0.2":    "source=127.0.0.1 → unreachable",
			"src.bound.any127":        "seen → ENETUNREACH",
			"port.space":              "per-address → ENETUNREACH",
			"v6.mapped.block":         "reached → no-127.0.0.2",
			"v6.wild.dual":            "dual → dual-127.0.0.1",
			"name.alias":              "own-listener → unreachable",
			"if.lo.v4":                "127.0.0.1/8 → 127.0.0.1/32",
			"rt.v4.block":             "whole-block → host-route",
		},
		before: set("net.ipv4.ip_nonlocal_bind=1", "net.ipv6.ip_nonlocal_bind=1"),
		after:  onLo(only127001),
	}, {
		Name:   "v6only",
		Does:   "IPV6_V6ONLY is on by default.",
		Turns:  []string{"v6.wild.dual"},
		before: set("net.ipv6.bindv6only=1"),
	}, {
		Name:     "low-ports-free",
		Does:     "Ports below 1024 need no privilege.",
		Turns:    []string{"bind.priv"},
		Observes: map[string]string{"bind.priv": "needs-privilege → no-privilege-needed"},
		before:   set("net.ipv4.ip_unprivileged_port_start=0"),
	}, {
		Name:   "few-ports",
		Does:   "The system has 256 ports for clients, a hundredth of the usual number, so that it often gives the same one twice.",
		Spared: "no claim may depend on which ports the system gives, nor on whether two sockets get the same one",
		before: set("net.ipv4.ip_local_port_range=40000 40255"),
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
