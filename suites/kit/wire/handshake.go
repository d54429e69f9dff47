package wire

import (
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// Establish makes the frame of the TCP segment with which the neighbour completes a connection that
// it asked for with sequence number seq: it acknowledges the host's SYN,ACK, and carries the
// payload. It is nil if the answer is no such segment.
func (c *Cable) Establish(p Packet, seq uint32, answer Frame) []byte {
	read := gopacket.NewPacket(answer.Bytes, layers.LayerTypeEthernet, gopacket.NoCopy)
	theirs, is := read.TransportLayer().(*layers.TCP)
	if !is || !theirs.SYN || !theirs.ACK {
		return nil
	}
	below, sum := c.network(p, layers.IPProtocolTCP)
	tcp := &layers.TCP{SrcPort: layers.TCPPort(p.Source.Port()), DstPort: layers.TCPPort(p.Destination.Port()),
		Seq: seq + 1, Ack: theirs.Seq + 1, ACK: true, PSH: true, Window: 64240}
	_ = tcp.SetNetworkLayerForChecksum(sum)
	return bytesOf(append(below, tcp, gopacket.Payload(p.Payload))...)
}
