package privatehost

import (
	"net"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// noDetection makes an IPv6 address usable at once, without looking for another owner (RFC 4862
// 5.4).
const noDetection = unix.IFA_F_NODAD

// loFaults are about the loopback interface.
func loFaults() []Fault { return slices.Concat(loStates(), loAddresses(), loFacts()) }

// loStates are about lo as a whole.
func loStates() []Fault {
	return []Fault{{
		Name: "lo-down",
		Does: "lo is never brought up, so it has no addresses and the table no local routes.",
		Turns: []string{"v4.addr1.delivery", "v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp",
			"v4.block.delivery.icmp", "v4.icmp.replysrc", "v4.edge.low", "v4.edge.high", "v4.edge.near",
			"v4.broadcast.permission", "v4.wildcard.covers", "v4.closed.refused", "v4.closed.latency", "v4.closed.bound",
			"v4.unspecified.connect", "v4.ttl.one", "v4.udp.maxsize", "v4.selfconnect", "v4.block.interface",
			"v4.multicast.lo", "v4.egress.dst.default", "v4.neighbour.bypass", "v4.neighbour.bypass.opt",
			"v4.redirect.rdr", "bind.sameport.addrs", "bind.isolation.tcp", "bind.isolation.udp", "bind.duplicate",
			"bind.wild-then-specific", "bind.specific-then-wild", "bind.wild-specific.reuseaddr",
			"bind.reuseaddr.exact", "bind.reuseport", "bind.precedence", "bind.hijack.sameuser",
			"bind.hijack.otheruser", "bind.priv", "bind.v4v6.independent", "bind.v6wild.blocks-v4", "bind.capacity",
			"src.select.127.0.0.1", "src.select.127.0.0.2", "src.select.hostaddr", "src.bound.any127", "src.mixed.in",
			"src.mixed.out", "sock.names", "udp.wildreply", "udp.connected.filter", "port.space", "filter.peraddr.deny",
			"filter.peraddr.errno", "filter.peraddr.src", "filter.selfreject", "filter.lo.default", "sandbox.loopback",
			"v6.lo.delivery", "v6.lo.only", "v6.lo.prefix", "v6.egress.src", "v6.egress.dst", "v6.src.select",
			"v6.scope", "v6.lla.lo", "v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.compat", "v6.multicast.lo",
			"v6.unspecified.connect", "v6.wild.dual", "name.localhost.v6", "name.localhost.nodns", "name.must",
			"name.addrconfig", "name.reverse.block", "name.alias", "app.redirect", "if.lo.up", "if.lo.v4", "if.lo.v6",
			"if.lo.flags", "rt.v4.block", "rt.v6", "if.lo.down", "if.lo.alias", "if.capture"},
		Observes: map[string]string{
			"v4.block.bind":           "whole-block → none",
			"v4.edge.low":             "unicast → unreachable",
			"v4.edge.high":            "broadcast → unreachable",
			"v4.broadcast.permission": "needed → no-such-destination",
			"v4.closed.latency":       "under-100ms → no-refusal",
			"v4.unspecified.connect":  "127.0.0.1 → ENETUNREACH",
			"v4.udp.maxsize":          "65507 → none",
			"v4.selfconnect":          "connects → EADDRNOTAVAIL",
			"v4.block.interface":      "loopback → nothing-arrives",
			"v4.multicast.lo":         "received → ENETUNREACH",
			"bind.wild-then-specific": "EADDRINUSE → EADDRNOTAVAIL",
			"bind.precedence":         "specific → never-together",
			"bind.hijack.sameuser":    "from-willing → refused",
			"bind.hijack.otheruser":   "from-willing → refused",
			"bind.v6wild.blocks-v4":   "EADDRINUSE → EADDRNOTAVAIL",
			"bind.capacity":           "at-least-256 → EADDRNOTAVAIL",
			"src.select.127.0.0.2":    "source=127.0.0.1 → unreachable",
			"sandbox.loopback":        "free → EADDRNOTAVAIL",
			"name.alias":              "own-listener → unreachable",
			"app.redirect":            "both → none",
			"if.lo.v4":                "127.0.0.1/8 → none",
			"if.lo.flags":             "UP,LOOPBACK → LOOPBACK",
			"rt.v4.block":             "whole-block → none",
			"rt.v6":                   "host-route → none",
		},
		before: func(a *host.Arrangement) { a.LoDown = true },
	}, {
		Name: "lo-down-again",
		Does: "lo was up and is taken down: it keeps 127.0.0.1, and loses ::1 and the local routes.",
		Turns: []string{"v4.addr1.delivery", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp",
			"v4.icmp.replysrc", "v4.edge.low", "v4.edge.high", "v4.edge.near", "v4.broadcast.permission",
			"v4.wildcard.covers", "v4.closed.refused", "v4.closed.latency", "v4.closed.bound", "v4.unspecified.connect", "v4.ttl.one",
			"v4.udp.maxsize", "v4.selfconnect", "v4.block.interface", "v4.multicast.lo", "bind.isolation.tcp",
			"bind.isolation.udp", "bind.reuseaddr.exact", "bind.reuseport", "bind.precedence", "bind.hijack.sameuser",
			"bind.hijack.otheruser", "bind.v4v6.independent", "bind.capacity", "src.select.127.0.0.1",
			"src.select.127.0.0.2", "src.select.hostaddr", "src.bound.any127", "src.mixed.in", "src.mixed.out",
			"sock.names", "udp.wildreply", "udp.connected.filter", "port.space", "filter.peraddr.deny",
			"filter.peraddr.errno", "filter.peraddr.src", "filter.selfreject", "filter.lo.default", "sandbox.loopback",
			"v6.lo.delivery", "v6.lo.only", "v6.lo.prefix", "v6.egress.src", "v6.egress.dst", "v6.src.select",
			"v6.scope", "v6.lla.lo", "v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.compat", "v6.multicast.lo",
			"v6.unspecified.connect", "v6.wild.dual", "name.localhost.v6", "name.localhost.order", "name.localhost.nodns",
			"name.must", "name.reverse.block", "name.alias", "app.redirect", "if.lo.up", "if.lo.v6", "if.lo.flags", "rt.v6",
			"if.lo.alias", "if.capture"},
		Observes: map[string]string{"name.localhost.order": "::1-first → 127.0.0.1-first-no-::1"},
		after:    onLo(netlink.LinkSetDown),
	}, {
		Name:     "lo-up-at-once",
		Does:     "lo of a new network namespace comes up by itself, even where it was to stay down.",
		Turns:    []string{"if.netns"},
		Observes: map[string]string{"if.netns": "down-bare → up-addressed"},
		after: func(host.Arrangement) error {
			return onLink("lo", netlink.LinkSetUp)
		},
	}}
}

// loAddresses are about what lo carries.
func loAddresses() []Fault {
	return []Fault{{
		Name: "lo-slash-32",
		Does: "lo carries 127.0.0.1/32 and not 127.0.0.1/8.",
		Turns: []string{"v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp",
			"v4.edge.low", "v4.edge.high", "v4.edge.near", "v4.broadcast.permission", "v4.wildcard.covers",
			"v4.closed.refused", "v4.egress.dst.default", "bind.sameport.addrs", "bind.isolation.tcp",
			"bind.isolation.udp", "bind.capacity", "src.select.127.0.0.2", "src.bound.any127", "udp.wildreply",
			"udp.connected.filter", "port.space", "filter.peraddr.src", "v6.mapped.block", "v6.wild.dual", "name.alias",
			"if.lo.v4", "rt.v4.block", "if.lo.down"},
		Observes: map[string]string{
			"v4.closed.refused": "refused → fails-at-once",
			"v6.wild.dual":      "dual → dual-127.0.0.1",
		},
		after: onLo(only127001),
	}, {
		Name:  "lo-second-ipv6",
		Does:  "lo carries ::2 beside ::1.",
		Turns: []string{"v6.lo.only"},
		after: onLo(address("::2/128")),
	}, {
		Name: "lo-without-ipv6",
		Does: "::1 is removed from lo.",
		Turns: []string{"bind.v4v6.independent", "v6.lo.delivery", "v6.lo.only", "v6.lo.prefix", "v6.egress.src",
			"v6.egress.dst", "v6.src.select", "v6.scope", "v6.lla.lo", "v6.compat", "v6.multicast.lo", "v6.unspecified.connect",
			"name.localhost.v6", "name.localhost.order", "app.redirect", "if.lo.v6", "rt.v6"},
		Observes: map[string]string{"name.localhost.order": "::1-first → 127.0.0.1-first-no-::1"},
		after:    onLo(noAddress("::1/128")),
	}, {
		Name:     "lo-link-local",
		Does:     "lo carries the link-local address fe80::1.",
		Turns:    []string{"v6.lla.lo"},
		Observes: map[string]string{"v6.lla.lo": "only-::1 → link-local"},
		after:    onLo(address("fe80::1/64")),
	}}
}

// loFacts are about what is listed beside the addresses.
func loFacts() []Fault {
	return []Fault{{
		Name:  "lo-mtu",
		Does:  "The MTU of lo is 1500 bytes.",
		Turns: []string{"if.lo.mtu"},
		after: onLo(func(lo netlink.Link) error { return netlink.LinkSetMTU(lo, 1500) }),
	}, {
		Name:  "lo-multicast",
		Does:  "lo has the flag MULTICAST.",
		Turns: []string{"if.lo.flags"},
		after: onLo(netlink.LinkSetMulticastOn),
	}, {
		Name:  "lo-hardware-address",
		Does:  "lo has a hardware address.",
		Turns: []string{"if.lo.nomac"},
		after: onLo(func(lo netlink.Link) error {
			return netlink.LinkSetHardwareAddr(lo, net.HardwareAddr{0x02, 'l', 'm', 0, 0, 9})
		}),
	}}
}

// only127001 narrows lo to 127.0.0.1.
func only127001(lo netlink.Link) error {
	return changes(noAddress("127.0.0.1/8"), address("127.0.0.1/32"))(lo)
}
