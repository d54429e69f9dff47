package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// loopback are addresses that name this host, in every notation, with what is next to them.
var loopback = prefixes("127.0.0.0/8", "0.0.0.0/8", "126.255.255.255/32", "128.0.0.0/32",
	"::/8", "2002:7f00::/24", "64:ff9b::7f00:0/104")

// documentation is for examples (RFC 5737, RFC 3849, RFC 9637); the last are the kit's own: a
// unique local prefix, and groups of multicast.
var documentation = prefixes("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20",
	"fd4c:4d58::/32", "239.255.76.77/32", "ff01::114/128", "ff02::114/128")

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, p := range all {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

func in(a netip.Addr, all []netip.Prefix) bool {
	return slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) })
}

// special are names that no name server of the world should be asked for (RFC 6761), as the kit
// does: domains, and reverse names of loopback addresses.
var special = []string{"localhost", "localdomain", "test", "example", "invalid", "127.in-addr.arpa", "0.in-addr.arpa",
	strings.Repeat("0.", 31) + "ip6.arpa"}

// ofKit says what in a frame only the kit makes; it is empty if nothing is. Addresses of the
// machine are spared.
func (m machine) ofKit(frame []byte) string {
	return m.inPacket(gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.NoCopy))
}

func (m machine) inPacket(p gopacket.Packet) string {
	for _, l := range p.Layers() {
		if what := m.inLayer(l); what != "" {
			return what
		}
	}
	if udp, is := p.TransportLayer().(*layers.UDP); is {
		return inQuery(uint16(udp.SrcPort), uint16(udp.DstPort), udp.Payload)
	}
	const length = 2 // of a message over TCP (RFC 1035 4.2.2)
	if tcp, is := p.TransportLayer().(*layers.TCP); is && len(tcp.Payload) > length {
		return inQuery(uint16(tcp.SrcPort), uint16(tcp.DstPort), tcp.Payload[length:])
	}
	return ""
}

func (m machine) inLayer(l gopacket.Layer) string {
	switch l := l.(type) {
	case *layers.Ethernet:
		for _, s := range privatehost.Stations() {
			if bytes.Equal(l.SrcMAC, s.MAC) || bytes.Equal(l.DstMAC, s.MAC) {
				return "the hardware address " + s.MAC.String()
			}
		}
	case *layers.IPv4:
		return m.pair(l.SrcIP, l.DstIP)
	case *layers.IPv6:
		return m.pair(l.SrcIP, l.DstIP)
	case *layers.ARP:
		return m.pair(l.SourceProtAddress, l.DstProtAddress)
	case *layers.ICMPv6NeighborSolicitation:
		return m.address(l.TargetAddress)
	case *layers.ICMPv6NeighborAdvertisement:
		return m.address(l.TargetAddress)
	case *layers.ICMPv4:
		return m.quoted(l)
	}
	return ""
}

// pair reads source and destination. A host that has no address yet sends from none (RFC 1122
// 3.2.1.3, RFC 4862 5.4.2).
func (m machine) pair(source, destination []byte) string {
	if a, _ := netip.AddrFromSlice(source); !a.IsUnspecified() {
		if what := m.address(source); what != "" {
			return what
		}
	}
	return m.address(destination)
}

func (m machine) address(b []byte) string {
	a, _ := netip.AddrFromSlice(b)
	switch {
	case !a.IsValid() || m.has(a):
		return ""
	case in(a, loopback):
		return fmt.Sprintf("%s, which is of this host", a)
	case in(a, documentation):
		return fmt.Sprintf("%s, which is for examples", a)
	}
	return ""
}

// quoted reads the packet that an ICMP error quotes (RFC 792).
func (m machine) quoted(l *layers.ICMPv4) string {
	switch l.TypeCode.Type() {
	case layers.ICMPv4TypeDestinationUnreachable, layers.ICMPv4TypeTimeExceeded, layers.ICMPv4TypeParameterProblem, layers.ICMPv4TypeRedirect:
		return m.inPacket(gopacket.NewPacket(l.Payload, layers.LayerTypeIPv4, gopacket.NoCopy))
	}
	return ""
}

// servers are the ports of name servers: DNS, multicast DNS, LLMNR.
var servers = []uint16{53, 5353, 5355}

// inQuery finds a special name in a message to or from a name server.
func inQuery(source, destination uint16, message []byte) string {
	if !slices.Contains(servers, source) && !slices.Contains(servers, destination) {
		return ""
	}
	var dns layers.DNS
	if err := dns.DecodeFromBytes(message, gopacket.NilDecodeFeedback); err != nil {
		return ""
	}
	for _, q := range dns.Questions {
		name := strings.TrimSuffix(strings.ToLower(string(q.Name)), ".")
		for _, s := range special {
			if domain := strings.TrimSuffix(s, "."); name == domain || strings.HasSuffix(name, "."+domain) {
				return fmt.Sprintf("a question for %q", name)
			}
		}
	}
	return ""
}
