package notes

func block() []Note {
	return []Note{{
		Claim: "v4.zeronet.send", Platforms: []string{"linux-*-debian-12-vm-*"}, Shows: []string{"routed"},
		Look: []Look{{Op: "connect", Target: "0.1.2.3"}},
		Text: text(`Since 5.3 Linux takes every address of 0.0.0.0/8 but 0.0.0.0 for an ordinary one: ipv4_is_zeronet() compares with
			0.0.0.0 only ("Allow 0.0.0.0/8 as a valid address range", 2019). A default route then leads there. The claim can be
			measured only where there is one; a connect of a UDP socket asks for the route and sends nothing.`),
	}, {
		Claim: "v4.edge.low", Platforms: []string{"linux-5.10-*"}, Shows: []string{"broadcast"},
		Look: []Look{{Op: "connect", Proto: "tcp"}, {Op: "send", Variant: "without SO_BROADCAST"}},
		Text: text(`Up to 5.13, Linux gave every IPv4 address with a prefix two broadcast routes, one to the highest address of the
			subnet and one to the lowest (fib_add_ifaddr() in net/ipv4/fib_frontend.c); the latter goes back to 4.2BSD, where all
			zeros meant broadcast. For 127.0.0.1/8 that makes 127.0.0.0 a broadcast address: TCP can't connect to it, and UDP wants
			SO_BROADCAST.`),
	}, {
		Claim: "v4.edge.low", Platforms: []string{"linux-6.*", "linux-7.*"}, Shows: []string{"unicast"},
		Look: []Look{{Op: "connect", Proto: "tcp"}, {Op: "send", Variant: "without SO_BROADCAST"}},
		Text: text(`Linux 5.14 took the broadcast route to the lowest address of each subnet away ("ip: Treat IPv4 segment's lowest
			address as unicast", 2021). What is left is the local route to 127.0.0.0/8, so 127.0.0.0 is one more address of this
			host. The same program therefore fails on Debian 11 and works on Debian 12.`),
	}, {
		Claim: "v4.edge.high", Platforms: []string{"linux-*", "wine-*"}, Shows: []string{"broadcast"},
		Look: []Look{{Op: "connect", Proto: "tcp"}, {Op: "send", Variant: "without SO_BROADCAST"}, {Op: "send", Variant: "with SO_BROADCAST, server on the address"}},
		Text: text(`127.255.255.255 is the broadcast address of 127.0.0.1/8. tcp_v4_connect() answers ENETUNREACH for every broadcast
			route, udp_sendmsg() EACCES without SO_BROADCAST; with it a datagram arrives at sockets on 0.0.0.0 and on
			127.255.255.255 itself, never at one on 127.0.0.1.`),
	}, {
		Claim: "v4.edge.high", Platforms: gvisor(), Shows: []string{"broadcast/tcp-timeout"},
		Look: []Look{{Op: "connect", Proto: "tcp"}, {Op: "send", Variant: "without SO_BROADCAST"}},
		Text: text(`gVisor lets TCP send its SYN to the broadcast address, and drops it where it arrives, without an answer: its
			demultiplexer takes no TCP segment whose destination is not unicast (deliverPacket() in
			pkg/tcpip/stack/transport_demuxer.go). So a connect hangs that fails at once on Linux. UDP answers as Linux does.`),
	}, {
		Claim: "v4.unspecified.connect", Platforms: wine(), Shows: []string{"0.0.0.0"},
		Look: []Look{{Op: "connect", Proto: "tcp"}},
		Text: text(`The Linux below makes a connect to 0.0.0.0 one to 127.0.0.1 (ip_route_output_key_hash_rcu()), and the
			connection works, with 127.0.0.1 as the local address. But Wine's getpeername gives back the address that was asked for,
			so the peer reads 0.0.0.0.`),
	}}
}
