package notes

func offhost() []Note {
	return []Note{{
		Claim: "v4.egress.dst.default", Platforms: []string{"gvisor-2026*"}, Shows: []string{"arp"},
		Look: []Look{{Op: "send", Variant: "default route, SO_BROADCAST"}, {Op: "wire", Variant: "default route, SO_BROADCAST"}},
		Text: text(`Only 127.255.255.255 is concerned. gVisor looks for a route within the host first, but not to a subnet's
			broadcast address (findLocalRouteFromNICRLocked() in pkg/tcpip/stack/stack.go gives up on an outbound broadcast); then
			the default route is taken, and the neighbour is asked by ARP for the address. No packet follows as long as nobody
			answers.`),
	}, {
		Claim: "v4.egress.dst.devbind", Platforms: linux(), Shows: []string{"leaves"},
		Look: []Look{{Op: "send", Proto: "udp", Variant: "default route, SO_BINDTODEVICE"}, {Op: "wire", Proto: "udp", Variant: "default route, SO_BINDTODEVICE"},
			{Op: "wire", Variant: "no default route, SO_BINDTODEVICE"}},
		Text: text(`A socket that is tied to an interface asks for a route through that interface, and the local route to 127.0.0.0/8
			goes through lo, so it does not fit. The lookup goes on to the default route, or without one takes the destination for
			a neighbour on the link ("Apparently, routing tables are wrong", ip_route_output_key_hash_rcu() in net/ipv4/route.c).
			__mkroute_output() refuses a loopback source on such a route and never looks at the destination. The receiver is what
			protects: a Linux there drops the packet as a martian.`),
	}, {
		Claim: "v4.egress.dst.devbind", Platforms: []string{"gvisor-2026*"}, Shows: []string{"arp"},
		Look: []Look{{Op: "control", Proto: "udp", Variant: "default route, SO_BINDTODEVICE"}, {Op: "wire", Variant: "default route, SO_BINDTODEVICE"},
			{Op: "setsockopt", Variant: "default route, SO_BINDTOIFINDEX"}},
		Text: text(`A socket that is tied to the cable by name (SO_BINDTODEVICE) asks the link for 127.0.0.1 by ARP, and no packet
			follows as long as nobody answers. SO_BINDTOIFINDEX, IP_UNICAST_IF and SO_DONTROUTE are accepted and ignored: the system
			does not know them when they are read, and such a socket is an ordinary one. So is one that names the interface with each
			datagram: its packet leaves by the cable even if it names lo.`),
	}, {
		Claim: "v4.egress.dst.noroute", Platforms: linux(), Shows: []string{"leaves"},
		Look: []Look{{Op: "wire", Proto: "udp", Variant: "default route, lo was never up"}, {Op: "wire", Proto: "udp", Variant: "default route, only 127.0.0.1/32 on lo"}},
		Text: text(`Nothing but the local route that comes with 127.0.0.1/8 on lo keeps 127.0.0.0/8 inside. Without it, because lo
			was never up or has a smaller prefix, these addresses are like all others and go to the default gateway.`),
	}, {
		Claim: "v4.egress.dst.noroute", Platforms: []string{"gvisor-2026*"}, Shows: []string{"arp"},
		Look: []Look{{Op: "wire", Variant: "default route, only 127.0.0.1/32 on lo", Target: "127.0.0.2"}},
		Text: text(`gVisor keeps the block inside as long as lo has 127.0.0.1/8, up or down. With 127.0.0.1/32 alone the rest of the
			block is no address of this host any more, and the neighbour is asked for it by ARP.`),
	}, {
		Claim: "v4.egress.dst.noarp", Platforms: linux(), Shows: []string{"arp-if-bound"},
		Look: []Look{{Op: "send", Proto: "udp", Variant: "no default route, SO_BINDTODEVICE"}, {Op: "wire", Variant: "no default route, SO_BINDTODEVICE"}},
		Text: text(`The other face of v4.egress.dst.devbind: where no default route fits, Linux takes the destination for a neighbour,
			and asks for it by ARP on the interface that the socket is tied to.`),
	}, {
		Claim: "v4.egress.dst.noarp", Platforms: []string{"gvisor-2026*"}, Shows: []string{"arp"},
		Look: []Look{{Op: "wire", Variant: "default route, SO_BROADCAST"}, {Op: "wire", Variant: "default route, SO_BINDTODEVICE"}},
		Text: text(`An ordinary socket makes gVisor ask for 127.255.255.255 (v4.egress.dst.default), and one that is tied to the cable by
			name for any address of the block (v4.egress.dst.devbind).`),
	}, {
		Claim: "v4.egress.src.raw", Platforms: []string{"linux-*", "gvisor-2026*"}, Shows: []string{"leaves"},
		Look: []Look{{Op: "wire", Proto: "udp", Variant: "default route"}},
		Text: text(`Who may open a raw socket with IP_HDRINCL writes the header, and the source in it is not looked at. On Linux
			raw_send_hdrinc() fills in a source only if there is none; the route was looked up with that of the socket. RFC 1122 makes
			no exception for it.`),
	}}
}
