package fake

import (
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// ipv6Faults are for family ipv6.
func ipv6Faults() []Fault { return slices.Concat(onlyFaults(), otherFaults(), mappedFaults()) }

// online is a BSD with a default route for IPv6.
func online() *Machine {
	m := BSD()
	*m.row("::/0") = Reach{Of: of("::/0"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own6, Foreign: true}
	m.Network.Table = append(m.Network.Table, netif.Route{Destination: of("::/0"), Interface: "em0",
		Gateway: netip.MustParseAddr("2001:db8::1"), Kind: "unicast"})
	return m
}

// onlyFaults are about ::1 and what else is loopback.
func onlyFaults() []Fault {
	return []Fault{{
		Name: "no-::1",
		Does: "::1 can be bound, and nothing is delivered there.",
		Turns: []string{"bind.v4v6.independent", "v6.lo.delivery", "v6.lo.only", "v6.src.select", "v6.scope",
			"v6.compat", "v6.multicast.lo", "v6.unspecified.connect", "app.redirect"},
		Observes: map[string]string{"app.redirect": "both → only-127.0.0.1"},
		Inject:   func(m *Machine) { m.Answer(Reach{Of: of("::1/128"), Connect: Silent, Send: Silent, Echo: Silent}) },
	}, {
		Name:   "::2-is-loopback",
		Does:   "::2 is an address of the host.",
		Turns:  []string{"v6.lo.only"},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("::2/128")}) },
	}, {
		Name:   "::1-slash-64",
		Does:   "The loopback interface carries ::1/64.",
		Turns:  []string{"v6.lo.prefix", "if.lo.v6"},
		Inject: func(m *Machine) { m.address(of("::1/128"), of("::1/64")) },
	}, {
		Name:   "::1-from-another-source",
		Does:   "The source for ::1 is an address of the external interface.",
		Turns:  []string{"v6.src.select"},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("::1/128"), Source: own6}) },
	}, {
		Name:   "foreign-zone-is-silent",
		Does:   "A packet to ::1 with the zone of another interface goes there.",
		Turns:  []string{"v6.scope"},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("::1/128"), Zone: 2, Connect: Silent, Send: Silent}) },
	}}
}

// otherFaults are about other addresses that have to do with loopback.
func otherFaults() []Fault {
	return []Fault{{
		Name:     "lo-link-local",
		Does:     "The loopback interface has the link-local address fe80::1, as on the BSDs.",
		Turns:    []string{"v6.lla.lo"},
		Observes: map[string]string{"v6.lla.lo": "only-::1 → link-local"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("fe80::1/128"), Zone: m.Network.Lo()})
			m.address(of("::1/128"), of("::1/128"), of("fe80::1/64"))
		},
	}, {
		Name:   "compatible-is-loopback",
		Does:   "::127.0.0.1 and all others of ::7f00:0/104 are addresses of the host.",
		Turns:  []string{"v6.compat"},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("::7f00:0/104")}) },
	}, {
		Name:  "6to4-of-127",
		On:    online,
		Does:  "2002:7f00::/24 is not rejected and follows the default route.",
		Turns: []string{"v6.6to4"},
		Inject: func(m *Machine) {
			m.Reach = slices.DeleteFunc(m.Reach, func(r Reach) bool { return r.Of == of("2002:7f00::/24") })
			m.Network.Table = slices.DeleteFunc(m.Network.Table, func(r netif.Route) bool { return r.Destination == of("2002:7f00::/24") })
		},
	}, {
		Name:  "no-ipv6-multicast-on-lo",
		On:    BSD,
		Does:  "IPv6 multicast has no route on the loopback interface.",
		Turns: []string{"v6.multicast.lo"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("ff00::/8"), Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH"})
		},
	}, {
		Name:     "no-unspecified-ipv6",
		Does:     ":: is no destination.",
		Turns:    []string{"v6.unspecified.connect"},
		Observes: map[string]string{"v6.unspecified.connect": "::1 → EADDRNOTAVAIL"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("::/128"), Connect: "EADDRNOTAVAIL", Route: "EADDRNOTAVAIL", Send: "EADDRNOTAVAIL"})
		},
	}}
}

// mappedFaults are about IPv4 on AF_INET6 sockets.
func mappedFaults() []Fault {
	return []Fault{{
		Name:     "no-mapped",
		Does:     "IPv4-mapped addresses are no destinations.",
		Turns:    []string{"v6.mapped.connect", "v6.mapped.block"},
		Observes: map[string]string{"v6.mapped.block": "reached → EADDRNOTAVAIL"},
		Inject:   func(m *Machine) { m.NoMapped = "EADDRNOTAVAIL" },
	}, {
		Name:     "mapped-only-127.0.0.1",
		Does:     "No IPv4-mapped loopback address but ::ffff:127.0.0.1 is a destination.",
		Turns:    []string{"v6.mapped.block"},
		Observes: map[string]string{"v6.mapped.block": "reached → EADDRNOTAVAIL"},
		Inject: func(m *Machine) {
			refuse := func(to netip.AddrPort) bool { return to.Addr().Is4In6() && to.Addr().Unmap() != one4 }
			m.Wrap(Calls{
				Connect: func(s sock.Socket, to netip.AddrPort, wait time.Duration) error {
					if refuse(to) {
						return m.fail("connect", "EADDRNOTAVAIL")
					}
					return s.Connect(to, wait)
				},
				SendTo: func(s sock.Socket, b []byte, to netip.AddrPort) error {
					if refuse(to) {
						return m.fail("sendto", "EADDRNOTAVAIL")
					}
					return s.SendTo(b, to)
				},
			}.Around)
		},
	}, {
		Name:   "v6only-ignored",
		Does:   "A socket with IPV6_V6ONLY on reaches IPv4-mapped addresses.",
		Turns:  []string{"v6.mapped.v6only"},
		Inject: func(m *Machine) { m.MappedOnV6Only = Works },
	}, {
		Name:   "v6only-by-default",
		Does:   "IPV6_V6ONLY is on unless a program switches it off.",
		Turns:  []string{"v6.wild.dual"},
		Inject: func(m *Machine) { m.V6Only = true },
	}, {
		Name:     "no-dual-stack",
		Does:     "A socket on [::] receives no IPv4, even with IPV6_V6ONLY off.",
		Turns:    []string{"bind.v6wild.blocks-v4", "v6.wild.dual"},
		Observes: map[string]string{"bind.v6wild.blocks-v4": "EADDRINUSE → allowed"},
		Inject:   func(m *Machine) { m.NoDual = true },
	}}
}
