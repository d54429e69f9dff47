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
		Claim: "v4.egress.dst.devbind", Platforms: []string{"gvisor-2026*"}, Shows: []string{"stays-inside"},
		Look: []Look{{Op: "connect", Proto: "tcp", Variant: "default route, SO_BINDTODEVICE"}, {Op: "wire", Proto: "tcp", Variant: "default route, SO_BINDTODEVICE"}},
		Text: text(`The same programs that leak on Linux reach this host itself in gVisor: the connection is refused at once, by
			127.0.0.1, and nothing crosses the cable. FindRoute() in pkg/tcpip/stack/stack.go looks for a local route before
			anything else, and has a case of its own for loopback destinations, which never take the routing table.`),
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
		Claim: "v4.egress.src.raw", Platforms: []string{"linux-*", "gvisor-2026*"}, Shows: []string{"leaves"},
		Look: []Look{{Op: "wire", Proto: "udp", Variant: "default route"}},
		Text: text(`Who may open a raw socket with IP_HDRINCL writes the header, and the source in it is not looked at. On Linux
			raw_send_hdrinc() fills in a source only if there is none; the route was looked up with that of the socket. RFC 1122 makes
			no exception for it.`),
	}}
}
