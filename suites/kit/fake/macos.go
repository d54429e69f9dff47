package fake

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// MacOS is a machine like macOS: 127.0.0.1 is the only loopback address, and the others are routed
// to lo0, where nothing answers: a connection hangs and a datagram vanishes.
func MacOS() *Machine {
	return &Machine{
		Policy: Policy{
			OS:     "macos-like",
			Errnos: bsdErrnos(),
			Reach: []Reach{
				{Of: of("127.0.0.1/32")},
				{Of: of("127.0.0.0/8"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: one4},
				{Of: of("192.0.2.10/32")},
				{Of: of("0.0.0.0/32"), Means: one4},
				{Of: of("224.0.0.0/4"), Connect: "EADDRNOTAVAIL", Source: one4},
				{Of: of("0.0.0.0/8"), Bind: "EADDRNOTAVAIL", Connect: "EHOSTUNREACH", Route: "EHOSTUNREACH", Send: "EHOSTUNREACH", Echo: "EHOSTUNREACH", Foreign: true},
				{Of: of("0.0.0.0/0"), Bind: "EADDRNOTAVAIL", Connect: Silent, Send: Silent, Echo: Silent, Source: own4, Foreign: true, FromLoopback: "EADDRNOTAVAIL"},
				{Of: of("::1/128")},
				{Of: of("::/128"), Means: one6},
				{Of: of("fe80::1/128"), Zone: 1},
				{Of: of("2001:db8::10/128")},
				{Of: of("ff00::/8"), Connect: "EADDRNOTAVAIL", Source: one6},
				{Of: of("::/0"), Bind: "EADDRNOTAVAIL", Connect: "EHOSTUNREACH", Route: "EHOSTUNREACH", Send: "EHOSTUNREACH", Echo: "EHOSTUNREACH", Foreign: true},
			},
			Refuse:          map[sock.Type]Fate{sock.RawICMP: "EPERM", sock.RawIP: "EPERM"},
			MappedOnV6Only:  "EINVAL",
			DefaultTTL:      64,
			Unknown:         []sock.Option{sock.ExclusiveAddr, sock.BindDevice, sock.BindIndex, sock.UnicastIf},
			Privileged:      1024,
			WildcardFree:    true, // since 10.14
			Ephemeral:       [2]uint16{49152, 65535},
			Conflict:        bsdConflict,
			PortTaken:       "EADDRINUSE",
			BoundSilent:     true,
			ConnectedSendTo: "EISCONN",
			MaxDatagram:     9216, // net.inet.udp.maxdgram
			MaxDatagram6:    9216,
			EchoHeader:      true,
			EchoKeepsID:     true,
		},
		Network: macosFacts(),
		System:  bsdNames("fake libSystem"),
		Go:      goNames(bsdNames("Go")),
	}
}

func macosFacts() Facts {
	return Facts{
		List: []netif.Interface{
			{Index: 1, Name: "lo0", MTU: 16384, Up: true, Loopback: true, Multicast: true,
				Addresses: []netip.Prefix{of("127.0.0.1/8"), of("::1/128"), of("fe80::1/64")}},
			{Index: 4, Name: "en0", MTU: 1500, Up: true, Broadcast: true, Multicast: true, Hardware: "02:00:00:00:00:10",
				Addresses: []netip.Prefix{of("192.0.2.10/24"), of("2001:db8::10/64")}},
		},
		Table: []netif.Route{
			{Destination: of("127.0.0.0/8"), Interface: "lo0", Gateway: one4, Kind: "unicast"},
			{Destination: of("127.0.0.1/32"), Interface: "lo0", Kind: "local"},
			{Destination: of("192.0.2.0/24"), Interface: "en0", Kind: "unicast"},
			{Destination: of("0.0.0.0/0"), Interface: "en0", Gateway: netip.MustParseAddr("192.0.2.1"), Kind: "unicast"},
			{Destination: of("::1/128"), Interface: "lo0", Kind: "local"},
			{Destination: of("2001:db8::/64"), Interface: "en0", Kind: "unicast"},
		},
		Switches: map[string]string{"net.inet.ip.check_interface": "1"},
	}
}
