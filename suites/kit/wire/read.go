package wire

import (
	"fmt"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// Seen is what a frame says, as far as claims ask.
type Seen struct {
	// Source and Destination are the IP addresses, for ARP the sender's and the target's protocol
	// address, for a neighbour solicitation the source of the packet and the target. Ports are 0
	// where there are none.
	Source, Destination netip.AddrPort
	// Kind is "udp", "tcp", "icmp", "icmpv6", "arp", "neighbour-solicitation",
	// "neighbour-advertisement", "mpls" or "other".
	Kind string
	// Flags are TCP's: "SYN", "SYN,ACK", "RST"; the type of ICMP: "EchoRequest".
	Flags string
	// Payload is that of UDP, TCP or the echo.
	Payload []byte
}

// Read reads a frame. A frame that can't be read is of kind "other".
func (f Frame) Read() Seen {
	p := gopacket.NewPacket(f.Bytes, layers.LayerTypeEthernet, gopacket.NoCopy)
	s := Seen{Kind: "other"}
	if app := p.ApplicationLayer(); app != nil {
		s.Payload = app.LayerContents()
	}
	if p.Layer(layers.LayerTypeMPLS) != nil {
		s.Kind = "mpls"
		return s
	}
	if arp, is := p.Layer(layers.LayerTypeARP).(*layers.ARP); is {
		s.Kind, s.Flags = "arp", map[uint16]string{layers.ARPRequest: "request", layers.ARPReply: "reply"}[arp.Operation]
		s.Source, s.Destination = address(arp.SourceProtAddress, 0), address(arp.DstProtAddress, 0)
		return s
	}
	var source, destination uint16
	switch t := p.TransportLayer().(type) {
	case *layers.UDP:
		s.Kind, s.Payload, source, destination = "udp", t.Payload, uint16(t.SrcPort), uint16(t.DstPort)
	case *layers.TCP:
		s.Kind, s.Flags, s.Payload, source, destination = "tcp", tcpFlags(t), t.Payload, uint16(t.SrcPort), uint16(t.DstPort)
	}
	if icmp, is := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4); is {
		s.Kind, s.Flags, s.Payload = "icmp", icmp.TypeCode.String(), icmp.Payload
	}
	if icmp, is := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6); is {
		s.Kind, s.Flags, s.Payload = "icmpv6", icmp.TypeCode.String(), icmp.Payload
	}
	switch ip := p.NetworkLayer().(type) {
	case *layers.IPv4:
		s.Source, s.Destination = address(ip.SrcIP, source), address(ip.DstIP, destination)
	case *layers.IPv6:
		s.Source, s.Destination = address(ip.SrcIP, source), address(ip.DstIP, destination)
	}
	if ns, is := p.Layer(layers.LayerTypeICMPv6NeighborSolicitation).(*layers.ICMPv6NeighborSolicitation); is {
		s.Kind, s.Destination = "neighbour-solicitation", address(ns.TargetAddress, 0)
	}
	if na, is := p.Layer(layers.LayerTypeICMPv6NeighborAdvertisement).(*layers.ICMPv6NeighborAdvertisement); is {
		s.Kind, s.Source = "neighbour-advertisement", address(na.TargetAddress, 0)
	}
	return s
}

func address(b []byte, port uint16) netip.AddrPort {
	a, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(a, port)
}

func tcpFlags(t *layers.TCP) string {
	text := ""
	for _, f := range []struct {
		set  bool
		name string
	}{{t.SYN, "SYN"}, {t.FIN, "FIN"}, {t.RST, "RST"}, {t.ACK, "ACK"}} {
		if f.set {
			text += "," + f.name
		}
	}
	if text == "" {
		return ""
	}
	return text[1:]
}

// What is the kind of a frame with its flags: "udp", "tcp SYN", "arp request".
func (s Seen) What() string {
	if s.Flags == "" {
		return s.Kind
	}
	return s.Kind + " " + s.Flags
}

// Line is what a frame says without ports and length, which differ from run to run: "udp
// 198.51.100.1 > 127.0.0.1".
func (s Seen) Line() string {
	text := s.What()
	if s.Source.IsValid() {
		text += fmt.Sprintf(" %s > %s", s.Source.Addr(), s.Destination.Addr())
	}
	return text
}

// String is the one-line summary of a frame: "out udp 198.51.100.1 > 127.0.0.1, ports 4242 > 53, 58
// bytes".
func (f Frame) String() string {
	s := f.Read()
	text := s.Line()
	if s.Source.Port() != 0 || s.Destination.Port() != 0 {
		text += fmt.Sprintf(", ports %d > %d", s.Source.Port(), s.Destination.Port())
	}
	return fmt.Sprintf("%s %s, %d bytes", f.Direction, text, len(f.Bytes))
}

// Mentions says whether an address for which it is true stands in the frame as source or
// destination. A frame with an MPLS label never does: echo requests to 127/8 inside a labelled path
// are legal (RFC 8029 2.1, RFC 5884 section 7).
func (f Frame) Mentions(is func(netip.Addr) bool) bool {
	s := f.Read()
	return s.Kind != "mpls" && s.Source.IsValid() && (is(s.Source.Addr()) || is(s.Destination.Addr()))
}
