package notes

func iface() []Note {
	return []Note{{
		Claim: "if.lo.flags", Platforms: wine(), Shows: []string{"UP,LOOPBACK,MULTICAST"},
		Text: text(`Wine tells programs that its loopback interface can do multicast. The lo of the Linux below does not have the flag.`),
	}, {
		Claim: "if.lo.mtu", Platforms: gvisor(), Shows: []string{"65522"},
		Text: text(`65536 bytes less the 14 of an Ethernet header, which gVisor puts around what crosses its loopback.`),
	}, {
		Claim: "rt.v4.block", Platforms: wine(), Shows: []string{"none"},
		Text: text(`Linux keeps the route to 127.0.0.0/8 in its table "local", and Wine lists what /proc/net/route shows, which is the
			table "main". Packets take the route all the same.`),
	}, {
		Claim: "if.lo.down", Platforms: linux(), Shows: []string{"leaks-ipv6"},
		Text: text(`Linux keeps IPv4's local routes when an interface is taken down, so 127.0.0.1 is still this host, and what is sent
			there is lost. IPv6 takes addresses and routes away (addrconf_ifdown()); ::1 becomes an address like any other, and the
			default route leads to it.`),
	}, {
		Claim: "if.netns", Platforms: []string{"gvisor-2026*"}, Shows: []string{"up-addressed"},
		Text: text(`A new network namespace of Linux has a lo that is down and has no address; gVisor's has one that is ready to use.`),
	}}
}
