package fake

import (
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// lo is the loopback interface in the machine's listing.
func (m *Machine) lo() *netif.Interface {
	for i := range m.Network.List {
		if m.Network.List[i].Loopback {
			return &m.Network.List[i]
		}
	}
	panic("no loopback interface")
}

// address lists other addresses on the loopback interface in place of one.
func (m *Machine) address(old netip.Prefix, others ...netip.Prefix) {
	lo := m.lo()
	lo.Addresses = append(slices.DeleteFunc(slices.Clone(lo.Addresses), func(p netip.Prefix) bool { return p == old }), others...)
}

// reject puts reject routes in place of what led to these prefixes.
func (m *Machine) reject(prefixes ...string) {
	for _, p := range prefixes {
		m.Network.Table = slices.DeleteFunc(m.Network.Table, func(r netif.Route) bool { return r.Destination == of(p) })
		m.Network.Table = append(m.Network.Table, netif.Route{Destination: of(p), Interface: m.lo().Name, Kind: "reject"})
	}
}

// ifaceFaults are for family interface. They change what is listed, and not how packets go.
func ifaceFaults() []Fault {
	return []Fault{{
		Name:     "lo-down",
		Does:     "The loopback interface is down.",
		Turns:    []string{"if.lo.up", "if.lo.flags"},
		Observes: map[string]string{"if.lo.flags": "UP,LOOPBACK → LOOPBACK"},
		Inject:   func(m *Machine) { m.lo().Up = false },
	}, {
		Name:     "lo-slash-32",
		Does:     "The loopback interface carries 127.0.0.1/32.",
		Turns:    []string{"if.lo.v4"},
		Observes: map[string]string{"if.lo.v4": "127.0.0.1/8 → 127.0.0.1/32"},
		Inject:   func(m *Machine) { m.address(of("127.0.0.1/8"), of("127.0.0.1/32")) },
	}, {
		Name:   "lo-without-::1",
		Does:   "The loopback interface does not list ::1.",
		Turns:  []string{"v6.lo.prefix", "v6.lla.lo", "if.lo.v6"},
		Inject: func(m *Machine) { m.address(of("::1/128")) },
	}, {
		Name:     "lo-broadcast",
		Does:     "The loopback interface has the flag BROADCAST.",
		Turns:    []string{"if.lo.flags"},
		Observes: map[string]string{"if.lo.flags": "UP,LOOPBACK → UP,LOOPBACK,BROADCAST"},
		Inject:   func(m *Machine) { m.lo().Broadcast = true },
	}, {
		Name:     "lo-mtu",
		Does:     "The MTU of the loopback interface is 1500 bytes.",
		Turns:    []string{"if.lo.mtu"},
		Observes: map[string]string{"if.lo.mtu": "65536 → 1500"},
		Inject:   func(m *Machine) { m.lo().MTU = 1500 },
	}, {
		Name:     "lo-has-mac",
		Does:     "The loopback interface has a hardware address.",
		Turns:    []string{"if.lo.nomac"},
		Observes: map[string]string{"if.lo.nomac": "all-zero → address"},
		Inject:   func(m *Machine) { m.lo().Hardware = "02:00:00:00:00:01" },
	}, {
		Name:     "block-rejected",
		Does:     "The routing table rejects 127.0.0.0/8 but for 127.0.0.1.",
		Turns:    []string{"rt.v4.block"},
		Observes: map[string]string{"rt.v4.block": "whole-block → rejects-rest"},
		Inject:   func(m *Machine) { m.reject("127.0.0.0/8") },
	}, {
		Name:     "mapped-rejected",
		Does:     "The routing table rejects ::/96 and ::ffff:0:0/96.",
		Turns:    []string{"rt.v6"},
		Observes: map[string]string{"rt.v6": "host-route → rejects-both"},
		Inject:   func(m *Machine) { m.reject("::/96", "::ffff:0:0/96") },
	}, {
		Name: "jail-keeps-loopback",
		On:   Jailed,
		Does: "A jail that shares an address of the host has 127.0.0.1 all the same.",
		Turns: []string{"v4.addr1.delivery", "v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.edge.near",
			"v4.wildcard.covers", "v4.selfconnect", "v4.block.interface", "src.select.127.0.0.1", "sock.names", "sandbox.loopback",
			"v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.wild.dual", "app.redirect", "jail.remap"},
		Observes: map[string]string{
			"v4.block.bind":    "none → only-127.0.0.1",
			"sandbox.loopback": "remapped → free",
			"app.redirect":     "only-::1 → both",
		},
		Inject: func(m *Machine) { m.Jail = netip.Addr{} },
	}}
}
