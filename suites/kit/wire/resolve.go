package wire

import (
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// resolve answers the host's question for the neighbour's address, by ARP or neighbour discovery;
// nil for any other frame. The neighbour answers for no other address, above all for none of the
// host's own (RFC 5227 2.1.1, RFC 4862 5.4: whoever answers for another's address makes it
// unusable).
func (c *Cable) resolve(frame []byte) []byte {
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.NoCopy)
	if arp, is := p.Layer(layers.LayerTypeARP).(*layers.ARP); is && arp.Operation == layers.ARPRequest {
		asked, _ := netip.AddrFromSlice(arp.DstProtAddress)
		asker, _ := netip.AddrFromSlice(arp.SourceProtAddress)
		if asked != c.Peer.IPv4 {
			return nil
		}
		return c.arp(layers.ARPReply, arp.SourceHwAddress, c.Peer.MAC, asked, arp.SourceHwAddress, asker)
	}
	ns, is := p.Layer(layers.LayerTypeICMPv6NeighborSolicitation).(*layers.ICMPv6NeighborSolicitation)
	if !is {
		return nil
	}
	ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
	asked, _ := netip.AddrFromSlice(ns.TargetAddress)
	asker, _ := netip.AddrFromSlice(ip.SrcIP)
	if asked != c.Peer.IPv6 || asker.IsUnspecified() {
		return nil
	}
	const solicitedOverride = 0x60 // the flags S and O (RFC 4861 4.4)
	return c.discovery(layers.ICMPv6TypeNeighborAdvertisement,
		Packet{Source: netip.AddrPortFrom(asked, 0), Destination: netip.AddrPortFrom(asker, 0)},
		&layers.ICMPv6NeighborAdvertisement{Flags: solicitedOverride, TargetAddress: ns.TargetAddress,
			Options: layers.ICMPv6Options{{Type: layers.ICMPv6OptTargetAddress, Data: c.Peer.MAC}}})
}
