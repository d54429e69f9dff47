package notes

func binds() []Note {
	return []Note{{
		Claim: "bind.wild-specific.reuseaddr", Platforms: wine(), Shows: []string{"mixed"},
		Look: []Look{{Op: "bind", Proto: "tcp", Variant: "wildcard first, option on the second"}, {Op: "bind", Proto: "udp", Variant: "wildcard first, option on the second"}},
		Text: text(`On Windows SO_REUSEADDR means that a port may be taken over, on Linux that an old connection does not stand in the
			way. Wine has the options of Windows and the ports of Linux: over TCP the second socket alone may ask for it, as long as
			none listens, over UDP both have to, and a refusal is WSAEACCES.`),
	}, {
		Claim: "bind.reuseport", Platforms: wine(), Shows: []string{"unsupported"},
		Look: []Look{{Proto: "tcp"}},
		Text: text(`Winsock has no SO_REUSEPORT, so neither has Wine, whatever the system below can do.`),
	}, {
		Claim: "bind.priv", Platforms: gvisor(), Shows: []string{"no-privilege-needed"},
		Look: []Look{{Op: "bind"}},
		Text: text(`gVisor keeps no port for privileged processes: an ordinary user binds 127.0.0.1:80 and 0.0.0.0:80. On Linux
			inet_bind wants CAP_NET_BIND_SERVICE for ports below net.ipv4.ip_unprivileged_port_start, which is 1024.`),
	}, {
		Claim: "src.select.127.0.0.2", Platforms: []string{"linux-*", "wine-*"}, Shows: []string{"source=127.0.0.1"},
		Look: []Look{{Proto: "tcp"}, {Proto: "udp"}},
		Text: text(`The local route to 127.0.0.0/8 carries the source 127.0.0.1 (ip route show table local: "local 127.0.0.0/8 dev lo
			... src 127.0.0.1"), and ip_route_output_key_hash_rcu() takes the preferred source of a local route before the destination.
			So a server on 127.0.0.2 sees its local clients come from 127.0.0.1, unless they bind.`),
	}, {
		Claim: "src.select.127.0.0.2", Platforms: gvisor(), Shows: []string{"source=destination"},
		Look: []Look{{Proto: "tcp"}, {Proto: "udp"}},
		Text: text(`gVisor has no preferred source for its loopback. To a destination of this host, a socket without an address speaks
			from that very destination (findLocalRouteRLocked() in pkg/tcpip/stack/stack.go: the local address is the remote one). A
			server that lets in clients by their address, 127.0.0.1 alone, refuses here whom it serves on Linux.`),
	}, {
		Claim: "udp.wildreply", Platforms: []string{"linux-*", "wine-*"}, Shows: []string{"source=127.0.0.1"},
		Look: []Look{{Op: "reply", Variant: "unconnected client"}, {Op: "reply", Variant: "connected client"}},
		Text: text(`A reply from a UDP socket on 0.0.0.0 is a packet like any other: its source is looked up anew, and for loopback that
			is 127.0.0.1 (src.select.127.0.0.2). A client that connected its socket to 127.0.0.2 never gets it. RFC 1122 asks for the
			address that was asked; on Linux a server has to do that itself, with IP_PKTINFO.`),
	}, {
		Claim: "udp.wildreply", Platforms: gvisor(), Shows: []string{"source=destination"},
		Look: []Look{{Op: "send"}, {Op: "reply", Variant: "connected client"}},
		Text: text(`It comes out right because gVisor's clients speak from the address that they speak to: the reply goes to
			127.0.0.2, so it also comes from there.`),
	}}
}
