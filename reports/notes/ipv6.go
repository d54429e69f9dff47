package notes

func ipv6() []Note {
	return []Note{{
		Claim: "v6.lo.notphysical", Platforms: []string{"gvisor-2026*"}, Shows: []string{"assigned"},
		Text: text(`Linux refuses ::1 on any interface that is not loopback (ipv6_add_addr() in net/ipv6/addrconf.c, EADDRNOTAVAIL). gVisor
			takes it as any other address.`),
	}, {
		Claim: "v6.egress.src", Platforms: linux(), Shows: []string{"leaves"},
		Look: []Look{{Op: "send", Proto: "udp", Variant: "default route"}, {Op: "wire", Proto: "udp", Variant: "default route"}},
		Text: text(`Linux checks ::1 where it receives: ip6_rcv_core() drops a packet from or to ::1 that did not come in by a loopback
			interface. Where it sends there is no such check, so a socket that is bound to ::1 sends from ::1 to anywhere that a route
			leads to. IPv4 has the check (v4.egress.src.bound: __mkroute_output() answers EINVAL).`),
	}, {
		Claim: "v6.egress.src", Platforms: []string{"gvisor-2026*"}, Shows: []string{"nothing"},
		Look: []Look{{Op: "send", Proto: "udp", Variant: "default route"}, {Op: "wire", Proto: "udp", Variant: "default route"}},
		Text: text(`In gVisor a source belongs to its interface: a route out of the cable is only made with an address that the cable has,
			so a socket on ::1 has no way out and gets ENETUNREACH.`),
	}, {
		Claim: "v6.egress.dst", Platforms: linux(), Shows: []string{"leaves-if-bound"},
		Look: []Look{{Op: "send", Proto: "udp", Variant: "default route, SO_BINDTODEVICE"}, {Op: "wire", Proto: "udp", Variant: "default route, SO_BINDTODEVICE"}},
		Text: text(`As with IPv4 (v4.egress.dst.devbind): a socket that is tied to an interface passes over the local route of ::1,
			which goes through lo, and finds the default route. What is sent to ::1 then is on the link for everyone there to answer.`),
	}, {
		Claim: "v6.egress.dst", Platforms: []string{"gvisor-2026*"}, Shows: []string{"leaves-if-bound"},
		Look: []Look{{Op: "wire", Variant: "default route, SO_BINDTODEVICE"}},
		Text: text(`As with IPv4 (v4.egress.dst.devbind): a socket that is tied to the cable by name makes gVisor solicit ::1 on the link.
			No packet follows as long as nobody answers.`),
	}, {
		Claim: "v6.nd.noanswer", Platforms: []string{"gvisor-2026*"}, Shows: []string{"solicited"},
		Look: []Look{{Op: "wire", Variant: "default route, SO_BINDTODEVICE"}},
		Text: text(`The other face of v6.egress.dst: solicitations for ::1 are not answered, but a socket that is tied to the cable by name
			makes the host send them.`),
	}, {
		Claim: "v6.lla.lo", Platforms: []string{"*"}, Shows: []string{"none"},
		Text: text(`RFC 4291 wants a link-local address on every interface, and Linux gives lo none: addrconf sets loopback interfaces up
			by init_loopback(), which adds ::1 and no other, while the interfaces that get a link-local address go through
			addrconf_dev_config(). gVisor's lo has 127.0.0.1 and ::1 only, and Wine shows that of the Linux below. On macOS and the
			BSDs one expects fe80::1 there; nobody has measured them yet.`),
	}, {
		Claim: "v6.mapped.wire", Platforms: linux(), Shows: []string{"delivered"},
		Look: []Look{{Op: "deliver", Proto: "udp", Variant: "default route, mapped source, dual-stack listener"}, {Op: "deliver", Proto: "tcp", Variant: "default route, mapped source, dual-stack listener"}},
		Text: text(`A neighbour sends an IPv6 packet from ::ffff:127.0.0.1, and a UDP server reads 127.0.0.1 as its client. TCP is
			guarded: tcp_v6_conn_request() drops a SYN from an IPv4-mapped source. UDP and ICMPv6 have no such check, and neither has
			ip6_rcv_core(). Whoever lets 127.0.0.1 in by address over a dual-stack UDP socket lets in the neighbourhood.`),
	}, {
		Claim: "v6.multicast.lo", Platforms: []string{"linux-*", "wine-*", "gvisor-2022*"}, Shows: []string{"ENETUNREACH"},
		Look: []Look{{Op: "send"}},
		Text: text(`On Linux the multicast route ff00::/8 comes with an interface that is no loopback: addrconf_add_dev() leaves lo out.
			So not even a group of the interface-local scope, ff01::/16, can be spoken to on lo until somebody adds the route. gVisor
			of 2022 gives the same answer, gVisor of 2026 delivers.`),
	}}
}
