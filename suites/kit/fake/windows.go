package fake

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Windows is a machine like Windows: all of 127.0.0.0/8 is its own, 0.0.0.0 is no destination,
// wildcard and specific binds live side by side, and a closed port is asked again before the
// refusal is reported.
func Windows() *Machine {
	return &Machine{
		Policy: Policy{
			OS:     "windows-like",
			Errnos: winsockErrnos(),
			Reach: []Reach{
				{Of: of("127.255.255.255/32"), Bind: "EADDRNOTAVAIL", Connect: "EADDRNOTAVAIL", Echo: Silent, Closed: Silent, Source: one4, Broadcast: true},
				{Of: of("127.0.0.0/8"), Source: one4},
				{Of: of("192.0.2.10/32")},
				{Of: of("0.0.0.0/32"), Connect: "EADDRNOTAVAIL", Route: "EADDRNOTAVAIL", Send: "EADDRNOTAVAIL", Echo: "EADDRNOTAVAIL"},
				{Of: of("224.0.0.0/4"), Connect: "ENETUNREACH", Source: one4},
				{Of: of("0.0.0.0/8"), Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH", Foreign: true},
				{Of: of("0.0.0.0/0"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own4, Foreign: true, FromLoopback: "EADDRNOTAVAIL"},
				{Of: of("::1/128")},
				{Of: of("::/128"), Connect: "EADDRNOTAVAIL", Route: "EADDRNOTAVAIL", Send: "EADDRNOTAVAIL", Echo: "EADDRNOTAVAIL"},
				{Of: of("2001:db8::10/128")},
				{Of: of("ff00::/8"), Connect: "ENETUNREACH", Source: one6},
				{Of: of("::/0"), Bind: "EADDRNOTAVAIL", Connect: "ENETUNREACH", Route: "ENETUNREACH", Send: "ENETUNREACH", Echo: "ENETUNREACH", Foreign: true},
			},
			Refuse:          map[sock.Type]Fate{sock.Ping: "EPROTONOSUPPORT", sock.RawICMP: "EACCES", sock.RawIP: "EACCES"},
			V6Only:          true,
			MappedOnV6Only:  "EADDRNOTAVAIL",
			DefaultTTL:      128,
			Unknown:         []sock.Option{sock.ReusePort, sock.BindDevice, sock.BindIndex, sock.BoundIf, sock.SendVia},
			Ephemeral:       [2]uint16{49152, 65535},
			Conflict:        windowsConflict,
			PortTaken:       "EADDRINUSE",
			RefusalTakes:    2 * time.Second, // three requests, 500 ms apart and doubling
			PortUnreachable: "ECONNRESET",
			MaxDatagram:     65507,
			MaxDatagram6:    65527,
		},
		Network: windowsFacts(),
		System:  windowsNames(),
		Go:      goNames(windowsNames()),
	}
}

// windowsConflict is the table of "Sharing Transport Addresses" (Windows driver documentation) for
// two sockets of one user: the options of the second and of the first socket, and whether each is
// bound to the wildcard.
func windowsConflict(second, first Holder, listening bool) Fate {
	switch {
	case listening: // bind has asked already
		return Works
	case second.Exclusive && second.Wildcard():
		return "EADDRINUSE"
	case first.Wildcard() && !second.Wildcard():
		if first.Exclusive {
			return "EACCES"
		}
		return Works
	case !first.Wildcard() && second.Wildcard():
		return Works
	case first.Exclusive && second.Reuse:
		return "EACCES"
	case second.Reuse && !first.Reuse:
		return "EACCES"
	case second.Reuse && first.Reuse:
		return Works
	case first.Reuse && !second.Exclusive && !first.Wildcard():
		return "EACCES"
	default:
		return "EADDRINUSE"
	}
}

func windowsFacts() Facts {
	return Facts{
		List: []netif.Interface{
			{Index: 1, Name: "Loopback Pseudo-Interface 1", MTU: 4294967295, Up: true, Loopback: true, Multicast: true,
				Addresses: []netip.Prefix{of("127.0.0.1/8"), of("::1/128")}},
			{Index: 7, Name: "Ethernet", MTU: 1500, Up: true, Broadcast: true, Multicast: true, Hardware: "02:00:00:00:00:10",
				Addresses: []netip.Prefix{of("192.0.2.10/24"), of("2001:db8::10/64")}},
		},
		Table: []netif.Route{
			{Destination: of("127.0.0.0/8"), Interface: "Loopback Pseudo-Interface 1", Kind: "local"},
			{Destination: of("127.0.0.1/32"), Interface: "Loopback Pseudo-Interface 1", Kind: "local"},
			{Destination: of("127.255.255.255/32"), Interface: "Loopback Pseudo-Interface 1", Kind: "broadcast"},
			{Destination: of("192.0.2.0/24"), Interface: "Ethernet", Kind: "unicast"},
			{Destination: of("0.0.0.0/0"), Interface: "Ethernet", Gateway: netip.MustParseAddr("192.0.2.1"), Kind: "unicast"},
			{Destination: of("::1/128"), Interface: "Loopback Pseudo-Interface 1", Kind: "local"},
			{Destination: of("2001:db8::/64"), Interface: "Ethernet", Kind: "unicast"},
		},
		Switches: map[string]string{},
	}
}

// windowsNames is the DNS client, which knows localhost by itself and resolves nothing below it.
func windowsNames() Names {
	return Names{
		Label: "fake GetAddrInfoW",
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
		Types:       []string{"MX", "TXT"},
		Unknown:     resolve.Error{Code: "EAI_NONAME", Outcome: observation.NoAnswer},
	}
}
