package fake

import (
	"net/netip"
	"slices"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var two4 = netip.MustParseAddr("127.0.0.2")

// bindsFaults are for family binds.
func bindsFaults() []Fault {
	return slices.Concat(separationFaults(), plainFaults(), optionFaults(), sourceFaults(), answerFaults())
}

// allow lets pairs of sockets share a port that the machine would keep apart.
func (m *Machine) allow(pair func(second, first Holder) bool) {
	rule := m.Conflict
	m.Conflict = func(second, first Holder, listening bool) Fate {
		if pair(second, first) {
			return Works
		}
		return rule(second, first, listening)
	}
}

// apart refuses pairs of sockets one port though their addresses don't overlap.
func (m *Machine) apart(pair func(second, first Holder) bool) {
	m.Beside = func(second, first Holder) Fate {
		if pair(second, first) {
			return "EADDRINUSE"
		}
		return Works
	}
}

func (h Holder) plain() bool { return !h.Reuse && !h.ReusePort && !h.Exclusive }

// aliased is a BSD with 127.0.0.2 on lo0.
func aliased() *Machine {
	m := BSD()
	m.Alias(two4)
	return m
}

// separationFaults keep together what belongs apart, or the other way round.
func separationFaults() []Fault {
	return []Fault{{
		Name: "one-port-for-all-addresses",
		Does: "A port that is bound on one address is taken on all of them.",
		Turns: []string{"bind.sameport.addrs", "bind.isolation.tcp", "bind.isolation.udp", "bind.capacity",
			"udp.connected.filter", "port.space"},
		Observes: map[string]string{
			"bind.capacity": "at-least-256 → EADDRINUSE",
			"port.space":    "per-address → shared",
		},
		Inject: func(m *Machine) {
			m.apart(func(second, first Holder) bool { return second.Family == first.Family })
		},
	}, {
		Name:     "shared-port-space",
		Does:     "A port from which one address is connected is taken on all of them.",
		Turns:    []string{"port.space"},
		Observes: map[string]string{"port.space": "per-address → shared"},
		Inject: func(m *Machine) {
			m.apart(func(_, first Holder) bool { return first.Type == sock.TCP && first.Connected })
		},
	}, {
		Name:  "v6-takes-v4",
		Does:  "A port that is bound on [::1] is taken on 127.0.0.1, and the other way round.",
		Turns: []string{"bind.v4v6.independent"},
		Inject: func(m *Machine) {
			m.apart(func(second, first Holder) bool { return second.Family != first.Family })
		},
	}, {
		Name: "tcp-crosses-addresses",
		Does: "A connection to 127.0.0.2 reaches the listener on 127.0.0.1 instead.",
		Turns: []string{"v4.block.delivery.tcp", "v4.wildcard.covers", "bind.isolation.tcp", "src.select.127.0.0.2",
			"sock.names", "v6.mapped.block", "v6.wild.dual"},
		Observes: map[string]string{
			"src.select.127.0.0.2": "source=127.0.0.1 → rewritten",
			"v6.mapped.block":      "reached → no-127.0.0.2",
			"v6.wild.dual":         "dual → dual-127.0.0.1",
		},
		Inject: func(m *Machine) {
			m.Wrap(Calls{Connect: func(s sock.Socket, to netip.AddrPort, wait time.Duration) error {
				if s.Type() == sock.TCP && to.Addr() == two4 {
					to = netip.AddrPortFrom(one4, to.Port())
				}
				return s.Connect(to, wait)
			}}.Around)
		},
	}, {
		Name: "udp-crosses-addresses",
		Does: "A datagram to 127.0.0.2 reaches the socket on 127.0.0.1 instead.",
		Turns: []string{"v4.block.delivery.udp", "bind.isolation.udp", "src.select.127.0.0.2", "v6.mapped.block",
			"v6.wild.dual"},
		Observes: map[string]string{
			"src.select.127.0.0.2": "source=127.0.0.1 → rewritten",
			"v6.mapped.block":      "reached → no-127.0.0.2",
			"v6.wild.dual":         "dual → dual-127.0.0.1",
		},
		Inject: func(m *Machine) {
			m.Wrap(Calls{SendTo: func(s sock.Socket, b []byte, to netip.AddrPort) error {
				if s.Type() == sock.UDP && to.Addr() == two4 {
					to = netip.AddrPortFrom(one4, to.Port())
				}
				return s.SendTo(b, to)
			}}.Around)
		},
	}}
}

// plainFaults change who may bind without any option.
func plainFaults() []Fault {
	return []Fault{{
		Name:  "duplicate-bind-allowed",
		Does:  "Two sockets without any option may hold the same address and port.",
		Turns: []string{"bind.duplicate"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool { return second.Addr == first.Addr && second.plain() && first.plain() })
		},
	}, {
		Name:     "specific-beside-wildcard",
		Does:     "127.0.0.1 may be bound to a port that 0.0.0.0 holds, without any option.",
		Turns:    []string{"bind.wild-then-specific"},
		Observes: map[string]string{"bind.wild-then-specific": "EADDRINUSE → allowed"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool {
				return first.Wildcard() && !second.Wildcard() && first.plain() && second.plain() && first.Family == second.Family &&
					first.Owner == second.Owner
			})
		},
	}, {
		Name:     "wildcard-beside-specific",
		Does:     "0.0.0.0 may be bound to a port that 127.0.0.1 holds, without any option.",
		Turns:    []string{"bind.specific-then-wild"},
		Observes: map[string]string{"bind.specific-then-wild": "EADDRINUSE → allowed"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool {
				return second.Wildcard() && !first.Wildcard() && first.plain() && second.plain() && first.Family == second.Family
			})
		},
	}, {
		Name:     "v6-wildcard-beside-v4",
		Does:     "[::] and an IPv4 address may hold one port although IPV6_V6ONLY is off.",
		Turns:    []string{"bind.v6wild.blocks-v4"},
		Observes: map[string]string{"bind.v6wild.blocks-v4": "EADDRINUSE → allowed"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool { return second.Family != first.Family })
		},
	}, {
		Name:     "low-ports-free",
		Does:     "Ports below 1024 need no privilege, as in most containers.",
		Turns:    []string{"bind.priv"},
		Observes: map[string]string{"bind.priv": "needs-privilege → no-privilege-needed"},
		Inject: func(m *Machine) {
			m.Privileged = 0
			m.Network.Switches["net.ipv4.ip_unprivileged_port_start"] = "0"
		},
	}, {
		Name:     "few-listeners",
		Does:     "A process may have 128 listeners at most.",
		Turns:    []string{"bind.capacity"},
		Observes: map[string]string{"bind.capacity": "at-least-256 → ENOBUFS"},
		Inject:   func(m *Machine) { m.MaxListeners = 128 },
	}}
}

// optionFaults change what options allow, and who receives then.
func optionFaults() []Fault {
	return []Fault{{
		Name:     "reuseaddr-shares-wildcard",
		Does:     "With SO_REUSEADDR on both sockets, 0.0.0.0 and 127.0.0.1 may hold one port even if they listen.",
		Turns:    []string{"bind.wild-specific.reuseaddr"},
		Observes: map[string]string{"bind.wild-specific.reuseaddr": "both-unless-listening → both-needed"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool {
				return second.Reuse && first.Reuse && second.Wildcard() != first.Wildcard() && first.Owner == second.Owner
			})
		},
	}, {
		Name:     "reuseaddr-duplicates",
		Does:     "With SO_REUSEADDR on both, two listeners may hold the same address and port.",
		Turns:    []string{"bind.reuseaddr.exact"},
		Observes: map[string]string{"bind.reuseaddr.exact": "udp-last-wins → last-wins"},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool { return second.Reuse && first.Reuse && second.Addr == first.Addr })
		},
	}, {
		Name:     "reuseport-last-wins",
		Does:     "With SO_REUSEPORT the socket that was bound last receives everything, as on the BSDs.",
		Turns:    []string{"bind.reuseport"},
		Observes: map[string]string{"bind.reuseport": "distributed → last-wins"},
		Inject:   func(m *Machine) { m.Spread = false },
	}, {
		Name:  "wildcard-wins",
		Does:  "A socket on 0.0.0.0 takes what is sent to 127.0.0.1 from the socket that is bound there.",
		Turns: []string{"bind.precedence", "bind.hijack.sameuser", "bind.hijack.otheruser"},
		Observes: map[string]string{
			"bind.precedence":       "specific → wildcard",
			"bind.hijack.sameuser":  "from-willing → bound-in-vain",
			"bind.hijack.otheruser": "from-willing → bound-in-vain",
		},
		Inject: func(m *Machine) { m.WildcardWins = true },
	}, {
		Name:  "hijack-from-anyone",
		Does:  "Another process may bind any address to a port that is held.",
		Turns: []string{"bind.hijack.sameuser", "bind.hijack.otheruser"},
		Observes: map[string]string{
			"bind.hijack.sameuser":  "from-willing → from-anyone",
			"bind.hijack.otheruser": "from-willing → from-anyone",
		},
		Inject: func(m *Machine) {
			m.allow(func(second, first Holder) bool { return second.Owner != first.Owner })
		},
	}, {
		Name:  "exclusive-ignored",
		On:    Windows,
		Does:  "SO_EXCLUSIVEADDRUSE can be set, and changes nothing.",
		Turns: []string{"bind.exclusive"},
		Inject: func(m *Machine) {
			m.Conflict = func(second, first Holder, listening bool) Fate {
				second.Exclusive, first.Exclusive = false, false
				return windowsConflict(second, first, listening)
			}
		},
	}}
}

// sourceFaults are about who speaks to whom.
func sourceFaults() []Fault {
	return []Fault{{
		Name:   "source-is-another",
		Does:   "The source for 127.0.0.1 is 127.0.0.2.",
		Turns:  []string{"src.select.127.0.0.1", "udp.wildreply"},
		Inject: func(m *Machine) { m.Answer(Reach{Of: of("127.0.0.1/32"), Source: two4}) },
	}, {
		Name:     "source-follows-destination",
		Does:     "The source for an address of the block is that address itself.",
		Turns:    []string{"src.select.127.0.0.2", "udp.wildreply"},
		Observes: map[string]string{"src.select.127.0.0.2": "source=127.0.0.1 → source=destination"},
		Inject:   func(m *Machine) { m.row("127.0.0.0/8").Source = netip.Addr{} },
	}, {
		Name:  "bound-source-rewritten",
		Does:  "Whichever address a client has bound, the server sees 127.0.0.1.",
		Turns: []string{"src.bound.any127", "port.space"},
		Observes: map[string]string{
			"src.bound.any127": "seen → rewritten",
			"port.space":       "per-address → rewritten",
		},
		Inject: func(m *Machine) {
			masquerade := func(from netip.AddrPort) netip.AddrPort {
				if from.Addr().Is4() && from.Addr().IsLoopback() {
					return netip.AddrPortFrom(one4, from.Port())
				}
				return from
			}
			m.Wrap(Calls{From: masquerade, Recv: func(s sock.Socket, got *sock.Message) bool {
				if s.Type() == sock.UDP {
					got.From = masquerade(got.From)
				}
				return true
			}}.Around)
		},
	}, {
		Name: "connections-rewritten",
		Does: "A server sees every TCP client of 127.0.0.0/8 as 127.0.0.9, as behind a rule that translates sources.",
		Turns: []string{"v4.addr1.delivery", "v4.block.delivery.tcp", "v4.edge.low", "v4.edge.near", "v4.wildcard.covers",
			"v4.unspecified.connect", "src.select.127.0.0.1", "src.select.127.0.0.2", "src.bound.any127", "sock.names", "port.space",
			"sandbox.loopback", "v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.wild.dual", "app.redirect"},
		Observes: map[string]string{
			"v4.addr1.delivery":      "delivered → delivered-rewritten",
			"v4.block.delivery.tcp":  "whole-block → delivered-rewritten",
			"v4.edge.low":            "unicast → mixed",
			"v4.unspecified.connect": "127.0.0.1 → elsewhere",
			"src.select.127.0.0.2":   "source=127.0.0.1 → rewritten",
			"src.bound.any127":       "seen → rewritten",
			"port.space":             "per-address → rewritten",
			"sandbox.loopback":       "free → remapped",
			"app.redirect":           "both → only-::1",
		},
		Inject: func(m *Machine) {
			m.Wrap(Calls{From: func(from netip.AddrPort) netip.AddrPort {
				if from.Addr().Is4() && from.Addr().IsLoopback() {
					return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.9"), from.Port())
				}
				return from
			}}.Around)
		},
	}, {
		Name:  "names-disagree",
		Does:  "getpeername tells a wrong port.",
		Turns: []string{"sock.names"},
		Inject: func(m *Machine) {
			m.Wrap(Calls{PeerName: func(s sock.Socket) (netip.AddrPort, error) {
				peer, err := s.PeerName()
				if name, e := s.Name(); e == nil && err == nil && name != peer {
					peer = netip.AddrPortFrom(peer.Addr(), peer.Port()^1)
				}
				return peer, err
			}}.Around)
		},
	}}
}

// answerFaults are about who is heard.
func answerFaults() []Fault {
	return []Fault{{
		Name:   "reply-from-another-address",
		On:     aliased,
		Does:   "What a wildcard UDP socket sends comes from 127.0.0.1, though another address was asked.",
		Turns:  []string{"udp.wildreply"},
		Inject: func(m *Machine) { m.WildcardSource = one4 },
	}, {
		Name:   "connected-udp-takes-all",
		Does:   "A connected UDP socket receives from everybody.",
		Turns:  []string{"udp.connected.filter"},
		Inject: func(m *Machine) { m.HearsAll = true },
	}, {
		Name: "loopback-barred",
		Does: "A sandbox refuses every connection and every datagram to 127.0.0.1.",
		Turns: []string{"v4.addr1.delivery", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.edge.near",
			"v4.wildcard.covers", "v4.closed.refused", "v4.closed.bound", "v4.unspecified.connect", "v4.ttl.one", "v4.udp.maxsize",
			"v4.selfconnect", "bind.isolation.tcp", "bind.isolation.udp", "bind.reuseaddr.exact", "bind.reuseport",
			"bind.precedence", "bind.hijack.sameuser", "bind.hijack.otheruser", "bind.v4v6.independent", "src.select.127.0.0.1",
			"src.bound.any127", "udp.wildreply", "udp.connected.filter", "port.space", "sandbox.loopback",
			"v6.mapped.connect", "v6.mapped.block", "v6.mapped.v6only", "v6.wild.dual", "app.redirect"},
		Observes: map[string]string{
			"v4.unspecified.connect": "127.0.0.1 → EPERM",
			"v4.udp.maxsize":         "65507 → none",
			"v4.selfconnect":         "connects → EPERM",
			"src.bound.any127":       "seen → EPERM",
			"sandbox.loopback":       "free → barred",
			"app.redirect":           "both → only-::1",
		},
		Inject: func(m *Machine) {
			m.Answer(Reach{Of: of("127.0.0.1/32"), Connect: "EPERM", Send: "EPERM"})
		},
	}}
}
