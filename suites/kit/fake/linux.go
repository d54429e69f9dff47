package fake

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The machine's own addresses on its one external interface, from the prefixes for documentation
// (RFC 5737, RFC 3849).
var (
	own4 = netip.MustParseAddr("192.0.2.10")
	own6 = netip.MustParseAddr("2001:db8::10")
	one4 = netip.MustParseAddr("127.0.0.1")
	one6 = netip.IPv6Loopback()
)

func of(prefix string) netip.Prefix { return netip.MustParsePrefix(prefix) }

// Linux is a machine like Linux 6: all of 127.0.0.0/8 is its own, and the source is 127.0.0.1 as
// the route in table local prefers it. TestLinuxIsTrue compares it with the kernel.
func Linux() *Machine {
	return &Machine{
		Policy: Policy{
			OS:     "linux-like",
			Errnos: linuxErrnos(),
			Reach: []Reach{
				{Of: of("127.255.255.255/32"), Connect: "ENETUNREACH", Echo: Silent, Closed: Silent, Source: one4, Broadcast: true},
				{Of: of("127.0.0.0/8"), Source: one4},
				{Of: of("192.0.2.10/32")},
				{Of: of("0.0.0.0/32"), Means: one4},
				{Of: of("0.0.0.0/8"), Bind: "EADDRNOTAVAIL", Connect: "EINVAL", Route: "EINVAL", Send: "EINVAL", Echo: "EINVAL"},
				{Of: of("224.0.0.0/4"), Connect: "ENETUNREACH", Source: own4},
				{Of: of("0.0.0.0/0"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own4, Foreign: true, FromLoopback: "EINVAL"},
				{Of: of("::1/128")},
				{Of: of("::/128"), Means: one6},
				{Of: of("2001:db8::10/128")},
				{Of: of("ff00::/8"), Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH"},
				{Of: of("fe80::/10"), Zone: 1, Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH", Foreign: true},
				{Of: of("fe80::/10"), Bind: "EADDRNOTAVAIL", Connect: "EINVAL", Route: "EINVAL", Send: "EINVAL", Echo: "EINVAL", Foreign: true},
				{Of: of("::/0"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own6, Foreign: true},
			},
			Refuse:         map[sock.Type]Fate{sock.RawICMP: "EPERM", sock.RawIP: "EPERM"},
			MappedOnV6Only: "ENETUNREACH",
			DefaultTTL:     64,
			Unknown:        []sock.Option{sock.ExclusiveAddr, sock.BoundIf},
			Privileged:     1024,
			Ephemeral:      [2]uint16{32768, 60999},
			Conflict:       linuxConflict,
			PortTaken:      "EADDRNOTAVAIL",
			Spread:         true,
			LoopsAnyway:    true,
			MaxDatagram:    65507,
			MaxDatagram6:   65527,
		},
		Network: linuxFacts(),
		System:  linuxNames(),
		Go:      goNames(linuxNames()),
	}
}

// linuxConflict is inet_csk_bind_conflict and udp_lib_lport_inuse: an overlap is allowed if both
// sockets have SO_REUSEADDR and the first doesn't listen, or if both have SO_REUSEPORT and one
// user.
func linuxConflict(second, first Holder, _ bool) Fate {
	if second.Reuse && first.Reuse && !first.Listening || second.ReusePort && first.ReusePort && second.sameUser(first) {
		return Works
	}
	return "EADDRINUSE"
}

func linuxFacts() Facts {
	return Facts{
		List: []netif.Interface{
			{Index: 1, Name: "lo", MTU: 65536, Up: true, Loopback: true, Hardware: "00:00:00:00:00:00",
				Addresses: []netip.Prefix{of("127.0.0.1/8"), of("::1/128")}},
			{Index: 2, Name: "eth0", MTU: 1500, Up: true, Broadcast: true, Multicast: true, Hardware: "02:00:00:00:00:10",
				Addresses: []netip.Prefix{of("192.0.2.10/24"), of("2001:db8::10/64")}},
		},
		Table: []netif.Route{
			{Destination: of("127.0.0.0/8"), Interface: "lo", Kind: "local", Table: "local"},
			{Destination: of("127.0.0.1/32"), Interface: "lo", Kind: "local", Table: "local"},
			{Destination: of("127.255.255.255/32"), Interface: "lo", Kind: "broadcast", Table: "local"},
			{Destination: of("192.0.2.10/32"), Interface: "eth0", Kind: "local", Table: "local"},
			{Destination: of("192.0.2.255/32"), Interface: "eth0", Kind: "broadcast", Table: "local"},
			{Destination: of("192.0.2.0/24"), Interface: "eth0", Kind: "unicast", Table: "main"},
			{Destination: of("0.0.0.0/0"), Interface: "eth0", Gateway: netip.MustParseAddr("192.0.2.1"), Kind: "unicast", Table: "main"},
			{Destination: of("::1/128"), Interface: "lo", Kind: "local", Table: "local"},
			{Destination: of("2001:db8::10/128"), Interface: "eth0", Kind: "local", Table: "local"},
			{Destination: of("2001:db8::/64"), Interface: "eth0", Kind: "unicast", Table: "main"},
			{Destination: of("::/0"), Interface: "eth0", Gateway: netip.MustParseAddr("2001:db8::1"), Kind: "unicast", Table: "main"},
		},
		Switches: map[string]string{
			"net.ipv4.conf.all.route_localnet": "0", "net.ipv4.conf.default.route_localnet": "0",
			"net.ipv4.conf.lo.route_localnet": "0", "net.ipv4.conf.eth0.route_localnet": "0",
			"net.ipv4.ip_nonlocal_bind": "0", "net.ipv6.bindv6only": "0",
			"net.ipv4.ip_unprivileged_port_start": "1024", "net.ipv4.icmp_echo_ignore_broadcasts": "1",
			"net.ipv4.ping_group_range": "0 2147483647", "net.ipv4.ip_local_port_range": "32768 60999",
		},
	}
}

// linuxNames is a host with the usual hosts file and nss-myhostname, which knows everything below
// localhost.
func linuxNames() Names {
	return Names{
		Label: "fake glibc",
		Own:   "fake",
		Hosts: []Entry{
			{one6, []string{"localhost", "ip6-localhost", "ip6-loopback"}},
			{one4, []string{"localhost"}},
			{netip.MustParseAddr("127.0.1.1"), []string{"fake"}},
		},
		Subdomains:  true,
		Dots:        true,
		Null:        []netip.Addr{one6, one4},
		NullPassive: []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()},
		Literals:    []string{"127.1", "127.0.1", "2130706433", "0x7f.1", "0177.0.0.1"},
		Hints:       true,
		Types:       []string{"MX", "TXT", "SRV", "NS"},
		Unknown:     resolve.Error{Code: "EAI_NONAME", Outcome: observation.NoAnswer},
	}
}

// goNames is what Go's own resolver makes of the same hosts file: it reads no inet_aton spellings,
// has no hints, and turns to DNS for what is not in the file.
func goNames(n Names) Names {
	n.Label, n.Literals, n.Hints, n.Subdomains, n.Null = "Go", nil, false, false, nil
	n.Types = []string{"MX", "TXT"}
	n.Unknown = resolve.Error{Code: resolve.AsksDNS, Outcome: observation.Denied, Err: resolve.ErrOffHost}
	return n
}
