package fake

import (
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// blockFaults are for family block.
func blockFaults() []Fault {
	return slices.Concat(extentFaults(), edgeFaults(), closedFaults(), datagramFaults())
}

// foreign is an address that is none of the machine's, and to which there is no route.
func foreign(prefix string) Reach {
	return Reach{Of: of(prefix), Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH",
		Echo: "ENETUNREACH", Foreign: true}
}

// extentFaults make holes in the block.
func extentFaults() []Fault {
	return []Fault{{
		Name: "no-127.0.0.1",
		Does: "127.0.0.1 is no address of the host, though the rest of the block is.",
		Turns: []string{"v4.addr1.delivery", "v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp",
			"v4.block.delivery.icmp", "v4.edge.near", "v4.wildcard.covers", "v4.closed.refused", "v4.closed.bound",
			"v4.unspecified.connect", "v4.ttl.one", "v4.udp.maxsize", "v4.selfconnect", "bind.isolation.tcp",
			"bind.isolation.udp", "bind.duplicate", "bind.wild-then-specific", "bind.specific-then-wild",
			"bind.wild-specific.reuseaddr", "bind.reuseaddr.exact", "bind.reuseport", "bind.precedence",
			"bind.hijack.sameuser", "bind.hijack.otheruser", "bind.priv", "bind.v4v6.independent", "bind.v6wild.blocks-v4",
			"src.select.127.0.0.1", "src.bound.any127", "udp.wildreply", "udp.connected.filter", "port.space",
			"sandbox.loopback", "v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.wild.dual",
			"app.redirect"},
		Observes: map[string]string{
			"v4.block.bind":           "whole-block → partial",
			"v4.unspecified.connect":  "127.0.0.1 → ENETUNREACH",
			"v4.udp.maxsize":          "65507 → none",
			"v4.selfconnect":          "connects → EADDRNOTAVAIL",
			"bind.wild-then-specific": "EADDRINUSE → EADDRNOTAVAIL",
			"bind.precedence":         "specific → never-together",
			"bind.hijack.sameuser":    "from-willing → refused",
			"bind.hijack.otheruser":   "from-willing → refused",
			"bind.v6wild.blocks-v4":   "EADDRINUSE → EADDRNOTAVAIL",
			"sandbox.loopback":        "free → EADDRNOTAVAIL",
			"app.redirect":            "both → only-::1",
		},
		Inject: func(m *Machine) { m.Answer(foreign("127.0.0.1/32")) },
	}, {
		Name: "only-127.0.0.1",
		Does: "No address of the block but 127.0.0.1 can be bound, though all are delivered.",
		Turns: []string{"v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp", "bind.sameport.addrs",
			"bind.isolation.tcp", "bind.isolation.udp", "bind.capacity", "src.bound.any127", "udp.wildreply",
			"udp.connected.filter", "port.space", "v6.mapped.block", "v6.wild.dual"},
		Observes: map[string]string{
			"v4.block.bind":    "whole-block → only-127.0.0.1",
			"bind.capacity":    "at-least-256 → EADDRNOTAVAIL",
			"src.bound.any127": "seen → EADDRNOTAVAIL",
			"v6.mapped.block":  "reached → no-127.0.0.2",
			"v6.wild.dual":     "dual → dual-127.0.0.1",
		},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.1/32")})
			m.row("127.0.0.0/8").Bind = "EADDRNOTAVAIL"
		},
	}, {
		Name: "tcp-only-127.0.0.1",
		Does: "TCP to any address of the block but 127.0.0.1 has no route.",
		Turns: []string{"v4.block.delivery.tcp", "v4.edge.low", "v4.edge.near", "v4.wildcard.covers",
			"v4.closed.refused", "bind.isolation.tcp", "bind.capacity", "v6.mapped.block", "v6.wild.dual"},
		Observes: map[string]string{
			"v4.edge.low":       "unicast → mixed",
			"v4.closed.refused": "refused → fails-at-once",
			"bind.capacity":     "at-least-256 → unanswered",
			"v6.mapped.block":   "reached → no-127.0.0.2",
			"v6.wild.dual":      "dual → dual-127.0.0.1",
		},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.1/32")})
			m.row("127.0.0.0/8").Connect = "ENETUNREACH"
		},
	}, {
		Name: "udp-only-127.0.0.1",
		Does: "UDP to any address of the block but 127.0.0.1 vanishes.",
		Turns: []string{"v4.block.delivery.udp", "v4.edge.low", "v4.edge.near", "v4.closed.refused",
			"bind.isolation.udp", "udp.wildreply", "v6.mapped.block", "v6.wild.dual"},
		Observes: map[string]string{
			"v4.edge.low":     "unicast → mixed",
			"v6.mapped.block": "reached → no-127.0.0.2",
			"v6.wild.dual":    "dual → dual-127.0.0.1",
		},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.1/32")})
			m.row("127.0.0.0/8").Send = Silent
		},
	}, {
		Name:  "icmp-only-127.0.0.1",
		Does:  "An echo request to any address of the block but 127.0.0.1 is not answered.",
		Turns: []string{"v4.block.delivery.icmp", "v4.edge.near"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.1/32")})
			m.row("127.0.0.0/8").Echo = Silent
		},
	}, {
		Name: "hole-in-the-block",
		Does: "One sixteenth of the block, 127.128.0.0/12, is silent.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp",
			"v4.closed.refused"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.128.0.0/12"), Connect: Silent, Send: Silent, Echo: Silent, Source: one4})
		},
	}}
}

// edgeFaults are about what is no ordinary address of the block.
func edgeFaults() []Fault {
	return []Fault{{
		Name:     "low-is-broadcast",
		Does:     "127.0.0.0 is a broadcast address, as in 4.2BSD and in Linux before 5.14.",
		Turns:    []string{"v4.edge.low"},
		Observes: map[string]string{"v4.edge.low": "unicast → broadcast"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.0/32"), Connect: "ENETUNREACH", Echo: Silent, Closed: Silent, Source: one4, Broadcast: true})
		},
	}, {
		Name:  "high-is-unicast",
		Does:  "127.255.255.255 is an address like any other.",
		Turns: []string{"v4.edge.high", "v4.broadcast.permission", "v4.wildcard.covers"},
		Observes: map[string]string{
			"v4.edge.high":            "broadcast → unicast",
			"v4.broadcast.permission": "needed → not-needed",
			"v4.wildcard.covers":      "all-but-edges → whole-block",
		},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("127.255.255.255/32"), Source: one4}) },
	}, {
		Name: "near-edges-are-broadcast",
		Does: "The last address of 127.0.0.0/24 and of 127.0.0.0/16 is a broadcast address.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp", "v4.edge.near",
			"v4.closed.refused"},
		Inject: func(m *Machine) {
			for _, last := range []string{"127.0.0.255/32", "127.0.255.255/32"} {
				m.Answer(Reach{Of: of(last), Connect: "ENETUNREACH", Echo: Silent, Closed: Silent, Source: one4, Broadcast: true})
			}
		},
	}, {
		Name:  "broadcast-without-permission",
		Does:  "A datagram to 127.255.255.255 needs no SO_BROADCAST.",
		Turns: []string{"v4.edge.high", "v4.broadcast.permission"},
		Observes: map[string]string{
			"v4.edge.high":            "broadcast → mixed",
			"v4.broadcast.permission": "needed → not-needed",
		},
		Inject: func(m *Machine) { m.row("127.255.255.255/32").Broadcast = false },
	}, {
		Name:     "no-connect-to-0.0.0.0",
		Does:     "0.0.0.0 is no destination.",
		Turns:    []string{"v4.unspecified.connect"},
		Observes: map[string]string{"v4.unspecified.connect": "127.0.0.1 → EADDRNOTAVAIL"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("0.0.0.0/32"), Connect: "EADDRNOTAVAIL", Route: "EADDRNOTAVAIL", Send: "EADDRNOTAVAIL", Echo: "EADDRNOTAVAIL"})
		},
	}}
}

// closedFaults are about who answers, and how fast.
func closedFaults() []Fault {
	return []Fault{{
		Name:     "bound-port-silent",
		Does:     "A connection to a port that is bound and does not listen gets no answer, as on NetBSD, OpenBSD and macOS.",
		Turns:    []string{"v4.closed.bound"},
		Observes: map[string]string{"v4.closed.bound": "refused → silent"},
		Inject:   func(m *Machine) { m.BoundSilent = true },
	}, {
		Name: "wildcard-without-127.0.0.2",
		Does: "A socket on 0.0.0.0 does not receive what is sent to 127.0.0.2.",
		Turns: []string{"v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.wildcard.covers",
			"src.select.127.0.0.2", "udp.wildreply", "v6.wild.dual"},
		Observes: map[string]string{"src.select.127.0.0.2": "source=127.0.0.1 → unreachable"},
		Inject:   func(m *Machine) { m.Answer(Reach{Of: of("127.0.0.2/32"), Source: one4, BoundOnly: true}) },
	}, {
		Name:     "closed-ports-silent",
		Does:     "A closed port of the block does not answer, as with FreeBSD's blackhole switches.",
		Turns:    []string{"v4.closed.refused", "v4.closed.latency", "v4.closed.bound"},
		Observes: map[string]string{"v4.closed.latency": "under-100ms → never"},
		Inject:   func(m *Machine) { m.row("127.0.0.0/8").Closed = Silent },
	}, {
		Name:     "slow-refusal",
		Does:     "A refusal is reported only after the request was repeated for two seconds.",
		Turns:    []string{"v4.closed.refused", "v4.closed.latency"},
		Observes: map[string]string{"v4.closed.refused": "refused → refused-late", "v4.closed.latency": "under-100ms → slower"},
		Inject:   func(m *Machine) { m.RefusalTakes = 2 * time.Second },
	}, {
		Name:     "no-self-connect",
		Does:     "A TCP socket can't connect to itself.",
		Turns:    []string{"v4.selfconnect"},
		Observes: map[string]string{"v4.selfconnect": "connects → ECONNREFUSED"},
		Inject:   func(m *Machine) { m.SelfConnect = "ECONNREFUSED" },
	}, {
		Name:  "echo-reply-from-127.0.0.1",
		Does:  "Every echo reply comes from 127.0.0.1, whichever address was pinged.",
		Turns: []string{"v4.icmp.replysrc"},
		Inject: func(m *Machine) {
			m.Wrap(Calls{Recv: func(s sock.Socket, got *sock.Message) bool {
				if s.Type() == sock.Ping && got.From.Addr().Is4() {
					got.From = netip.AddrPortFrom(one4, 0)
				}
				return true
			}}.Around)
		},
	}}
}

// datagramFaults are about what a datagram looks like when it arrives.
func datagramFaults() []Fault {
	return []Fault{{
		Name:  "loopback-decrements-ttl",
		Does:  "The loopback interface counts as a hop.",
		Turns: []string{"v4.ttl.one"},
		Inject: func(m *Machine) {
			m.Wrap(Calls{Recv: func(_ sock.Socket, got *sock.Message) bool {
				got.TTL = max(got.TTL-1, -1)
				return true
			}}.Around)
		},
	}, {
		Name:     "udp-at-most-9216",
		Does:     "A UDP datagram holds 9216 bytes at most, as with the default of net.inet.udp.maxdgram.",
		Turns:    []string{"v4.udp.maxsize"},
		Observes: map[string]string{"v4.udp.maxsize": "65507 → 9216"},
		Inject:   func(m *Machine) { m.MaxDatagram = 9216 },
	}, {
		Name:     "arrives-on-eth0",
		Does:     "What is sent to the block arrives on the external interface.",
		Turns:    []string{"v4.block.interface"},
		Observes: map[string]string{"v4.block.interface": "loopback → other"},
		Inject: func(m *Machine) {
			m.Wrap(Calls{Recv: func(_ sock.Socket, got *sock.Message) bool {
				if got.Index != 0 && got.To.Is4() && !got.To.IsMulticast() {
					got.Index = 2
				}
				return true
			}}.Around)
		},
	}, {
		Name:     "no-multicast-on-lo",
		Does:     "IPv4 multicast has no route on the loopback interface.",
		Turns:    []string{"v4.multicast.lo"},
		Observes: map[string]string{"v4.multicast.lo": "received → ENETUNREACH"},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("224.0.0.0/4"), Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH"})
		},
	}}
}
