package fake

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// BSD is a machine like a BSD whose start scripts reject the rest of 127.0.0.0/8, as those of
// NetBSD and OpenBSD do: 127.0.0.1 is the only loopback address until another is put on lo0
// (Alias), and no other is routed.
func BSD() *Machine {
	return &Machine{
		Policy: Policy{
			OS:     "bsd-like",
			Errnos: bsdErrnos(),
			Reach: []Reach{
				{Of: of("127.0.0.1/32")},
				{Of: of("127.0.0.0/8"), Bind: "EADDRNOTAVAIL", Connect: "EHOSTUNREACH", Send: "EHOSTUNREACH", Echo: "EHOSTUNREACH", Source: one4},
				{Of: of("192.0.2.10/32")},
				{Of: of("0.0.0.0/32"), Means: one4},
				{Of: of("224.0.0.0/4"), Connect: "EADDRNOTAVAIL", Source: one4},
				{Of: of("192.0.2.0/24"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own4, Foreign: true, FromLoopback: "EADDRNOTAVAIL"},
				{Of: of("0.0.0.0/0"), Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH", Foreign: true},
				{Of: of("::1/128")},
				{Of: of("::/128"), Means: one6},
				{Of: of("fe80::1/128"), Zone: 2},
				{Of: of("2001:db8::10/128")},
				{Of: of("ff00::/8"), Connect: "EADDRNOTAVAIL", Source: one6},
				{Of: of("::/96"), Bind: "EADDRNOTAVAIL", Connect: "EHOSTUNREACH", Route: "EHOSTUNREACH", Send: "EHOSTUNREACH", Echo: "EHOSTUNREACH", Foreign: true},
				{Of: of("2002:7f00::/24"), Bind: "EADDRNOTAVAIL", Connect: "EHOSTUNREACH", Route: "EHOSTUNREACH", Send: "EHOSTUNREACH", Echo: "EHOSTUNREACH", Foreign: true},
				{Of: of("::/0"), Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH", Foreign: true},
			},
			Refuse:          map[sock.Type]Fate{sock.Ping: "EPROTONOSUPPORT", sock.RawICMP: "EPERM", sock.RawIP: "EPERM"},
			V6Only:          true,
			MappedOnV6Only:  "EINVAL",
			DefaultTTL:      64,
			Unknown:         []sock.Option{sock.ExclusiveAddr, sock.BindDevice, sock.BindIndex, sock.UnicastIf, sock.BoundIf},
			Privileged:      1024,
			Ephemeral:       [2]uint16{49152, 65535},
			Conflict:        bsdConflict,
			PortTaken:       "EADDRINUSE",
			BoundSilent:     true,
			ConnectedSendTo: "EISCONN",
			MaxDatagram:     9216, // net.inet.udp.maxdgram
			MaxDatagram6:    9216,
		},
		Network: bsdFacts(),
		System:  bsdNames("fake getaddrinfo"),
		Go:      goNames(bsdNames("Go")),
	}
}

// bsdConflict is in_pcbbind: without an option the second socket may overlap with nobody but a
// wildcard of the other family; with one it may, unless the local address is the very same, and
// then both need SO_REUSEPORT. listen does not ask again, as it does on Linux. Another user may
// share nothing.
func bsdConflict(second, first Holder, listening bool) Fate {
	same := first.Addr == second.Addr
	otherWildcard := second.Wildcard() && first.Wildcard() && second.Family != first.Family
	switch {
	case !second.sameUser(first):
		return "EADDRINUSE"
	case listening, otherWildcard, second.ReusePort && first.ReusePort:
		return Works
	case (second.Reuse || second.ReusePort) && !same:
		return Works
	default:
		return "EADDRINUSE"
	}
}

// Alias puts one more address on the loopback interface of a machine that has a single one.
func (m *Machine) Alias(a netip.Addr) {
	m.Answer(Reach{Of: netip.PrefixFrom(a, a.BitLen())})
	for i := range m.Network.List {
		if lo := &m.Network.List[i]; lo.Loopback {
			lo.Addresses = append(lo.Addresses, netip.PrefixFrom(a, a.BitLen()))
			m.Network.Table = append(m.Network.Table, netif.Route{Destination: netip.PrefixFrom(a, a.BitLen()), Interface: lo.Name, Kind: "local"})
		}
	}
}

func bsdFacts() Facts {
	reject := func(prefix, gateway string) netif.Route {
		return netif.Route{Destination: of(prefix), Interface: "lo0", Gateway: netip.MustParseAddr(gateway), Kind: "reject"}
	}
	return Facts{
		List: []netif.Interface{
			{Index: 1, Name: "em0", MTU: 1500, Up: true, Broadcast: true, Multicast: true, Hardware: "02:00:00:00:00:10",
				Addresses: []netip.Prefix{of("192.0.2.10/24"), of("2001:db8::10/64")}},
			{Index: 2, Name: "lo0", MTU: 16384, Up: true, Loopback: true, Multicast: true,
				Addresses: []netip.Prefix{of("::1/128"), of("fe80::1/64"), of("127.0.0.1/8")}},
		},
		Table: []netif.Route{
			{Destination: of("127.0.0.1/32"), Interface: "lo0", Kind: "local"},
			reject("127.0.0.0/8", "127.0.0.1"),
			{Destination: of("192.0.2.0/24"), Interface: "em0", Kind: "unicast"},
			{Destination: of("::1/128"), Interface: "lo0", Kind: "local"},
			reject("::/96", "::1"), reject("::ffff:0.0.0.0/96", "::1"), reject("2002:7f00::/24", "::1"),
			{Destination: of("2001:db8::/64"), Interface: "em0", Kind: "unicast"},
			{Destination: of("ff01::/32"), Interface: "lo0", Kind: "unicast"},
			{Destination: of("ff02::/32"), Interface: "lo0", Kind: "unicast"},
		},
		Switches: map[string]string{"net.inet.ip.loopback_prefixlen": "8", "net.inet6.ip6.v6only": "1",
			"net.inet.tcp.blackhole": "0", "net.inet.udp.blackhole": "0"},
	}
}

// bsdNames is the usual hosts file and nothing that knows names below localhost.
func bsdNames(label string) Names {
	return Names{
		Label: label,
		Own:   "fake",
		Hosts: []Entry{
			{one6, []string{"localhost"}},
			{one4, []string{"localhost"}},
			{own4, []string{"fake"}},
		},
		Dots:        true,
		Null:        []netip.Addr{one6, one4},
		NullPassive: []netip.Addr{netip.IPv6Unspecified(), netip.IPv4Unspecified()},
		Literals:    []string{"127.1", "127.0.1", "2130706433", "0x7f.1", "0177.0.0.1"},
		Hints:       true,
		Unknown:     resolve.Error{Code: "EAI_NONAME", Outcome: observation.NoAnswer},
	}
}

// Jailed is a process in a jail that shares an address of the host: wherever it says 127.0.0.1, the
// kernel takes the jail's address instead (prison_local_ip4, prison_remote_ip4), while Jail is set.
func Jailed() *Machine {
	m := BSD()
	m.Jail = netip.MustParseAddr("192.0.2.10")
	m.Network.Switches["security.jail.jailed"] = "1"
	instead := func(a netip.AddrPort) netip.AddrPort {
		if m.Jail.IsValid() && a.Addr() == one4 {
			return netip.AddrPortFrom(m.Jail, a.Port())
		}
		return a
	}
	m.Wrap(Calls{
		Bind: func(s sock.Socket, a netip.AddrPort) error { return s.Bind(instead(a)) },
		Connect: func(s sock.Socket, a netip.AddrPort, wait time.Duration) error {
			return s.Connect(instead(a), wait)
		},
		SendTo: func(s sock.Socket, b []byte, a netip.AddrPort) error { return s.SendTo(b, instead(a)) },
	}.Around)
	return m
}
