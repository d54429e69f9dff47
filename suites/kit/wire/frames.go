package wire

import (
	"net"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// Packet describes what the neighbour sends: a datagram, a segment or an echo request with these
// addresses, which may be any, in a frame from the neighbour to the host.
type Packet struct {
	Source, Destination netip.AddrPort
	Payload             []byte
	// FromMAC and ToMAC replace the stations' own, if set.
	FromMAC, ToMAC net.HardwareAddr
}

var serialise = gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}

func bytesOf(all ...gopacket.SerializableLayer) []byte {
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, serialise, all...); err != nil {
		panic("a frame of our own making does not serialise: " + err.Error())
	}
	return b.Bytes()
}

// hops is the TTL of what the neighbour sends: the usual one.
const hops = 64

// network makes the Ethernet and IP headers of a packet, and the header whose checksum the
// transport needs.
func (c *Cable) network(p Packet, protocol layers.IPProtocol) (below []gopacket.SerializableLayer, sum gopacket.NetworkLayer) {
	eth := &layers.Ethernet{SrcMAC: c.Peer.MAC, DstMAC: c.Host.MAC, EthernetType: layers.EthernetTypeIPv4}
	if p.FromMAC != nil {
		eth.SrcMAC = p.FromMAC
	}
	if p.ToMAC != nil {
		eth.DstMAC = p.ToMAC
	}
	if p.Destination.Addr().Is4() {
		ip := &layers.IPv4{Version: 4, TTL: hops, Protocol: protocol, SrcIP: p.Source.Addr().AsSlice(), DstIP: p.Destination.Addr().AsSlice()}
		return []gopacket.SerializableLayer{eth, ip}, ip
	}
	eth.EthernetType = layers.EthernetTypeIPv6
	ip := &layers.IPv6{Version: 6, HopLimit: hops, NextHeader: protocol, SrcIP: slice16(p.Source.Addr()), DstIP: slice16(p.Destination.Addr())}
	return []gopacket.SerializableLayer{eth, ip}, ip
}

func slice16(a netip.Addr) net.IP {
	b := a.As16()
	return b[:]
}

// UDP makes the frame of a datagram.
func (c *Cable) UDP(p Packet) []byte {
	below, sum := c.network(p, layers.IPProtocolUDP)
	udp := &layers.UDP{SrcPort: layers.UDPPort(p.Source.Port()), DstPort: layers.UDPPort(p.Destination.Port())}
	_ = udp.SetNetworkLayerForChecksum(sum) // it fails for other layers than IP only
	return bytesOf(append(below, udp, gopacket.Payload(p.Payload))...)
}

// SYN makes the frame of a TCP segment that asks for a connection; its sequence number is seq.
func (c *Cable) SYN(p Packet, seq uint32) []byte {
	below, sum := c.network(p, layers.IPProtocolTCP)
	tcp := &layers.TCP{SrcPort: layers.TCPPort(p.Source.Port()), DstPort: layers.TCPPort(p.Destination.Port()),
		Seq: seq, SYN: true, Window: 64240}
	_ = tcp.SetNetworkLayerForChecksum(sum)
	return bytesOf(append(below, tcp)...)
}

// Echo makes the frame of an ICMP or ICMPv6 echo request; the ports are not used.
func (c *Cable) Echo(p Packet, id, sequence uint16) []byte {
	if p.Destination.Addr().Is4() {
		below, _ := c.network(p, layers.IPProtocolICMPv4)
		icmp := &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeEchoRequest, 0), Id: id, Seq: sequence}
		return bytesOf(append(below, icmp, gopacket.Payload(p.Payload))...)
	}
	below, sum := c.network(p, layers.IPProtocolICMPv6)
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeEchoRequest, 0)}
	_ = icmp.SetNetworkLayerForChecksum(sum)
	return bytesOf(append(below, icmp, &layers.ICMPv6Echo{Identifier: id, SeqNumber: sequence}, gopacket.Payload(p.Payload))...)
}

var broadcast = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// WhoHas makes the frame of an ARP request of the neighbour (RFC 826).
func (c *Cable) WhoHas(sender, target netip.Addr) []byte {
	return c.arp(layers.ARPRequest, broadcast, c.Peer.MAC, sender, make(net.HardwareAddr, 6), target)
}

func (c *Cable) arp(operation uint16, to, senderMAC net.HardwareAddr, sender netip.Addr, targetMAC net.HardwareAddr, target netip.Addr) []byte {
	s, t := sender.As4(), target.As4()
	return bytesOf(&layers.Ethernet{SrcMAC: senderMAC, DstMAC: to, EthernetType: layers.EthernetTypeARP},
		&layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: operation, SourceHwAddress: senderMAC, SourceProtAddress: s[:], DstHwAddress: targetMAC, DstProtAddress: t[:]})
}

// Solicit makes the frame of a neighbour solicitation of the neighbour (RFC 4861 4.3).
func (c *Cable) Solicit(sender, target netip.Addr) []byte {
	group := solicitedNode(target)
	g := group.As16()
	return c.discovery(layers.ICMPv6TypeNeighborSolicitation, Packet{Source: netip.AddrPortFrom(sender, 0),
		Destination: netip.AddrPortFrom(group, 0), ToMAC: net.HardwareAddr{0x33, 0x33, g[12], g[13], g[14], g[15]}},
		&layers.ICMPv6NeighborSolicitation{TargetAddress: slice16(target),
			Options: layers.ICMPv6Options{{Type: layers.ICMPv6OptSourceAddress, Data: c.Peer.MAC}}})
}

// discoveryHops is the hop limit without which a neighbour discovery message is invalid (RFC 4861
// 7.1).
const discoveryHops = 255

func (c *Cable) discovery(kind uint8, p Packet, body gopacket.SerializableLayer) []byte {
	below, sum := c.network(p, layers.IPProtocolICMPv6)
	sum.(*layers.IPv6).HopLimit = discoveryHops
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(kind, 0)}
	_ = icmp.SetNetworkLayerForChecksum(sum)
	return bytesOf(append(below, icmp, body)...)
}

// solicitedNode is the solicited-node multicast address of an address (RFC 4291 2.7.1).
func solicitedNode(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom16([16]byte{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, b[13], b[14], b[15]})
}
