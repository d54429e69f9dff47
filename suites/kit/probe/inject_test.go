package probe

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket/layers"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// TestReplies proves that an echo reply with the payload of the request, and nothing else, tells
// that it was delivered.
func TestReplies(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	cable := &wire.Cable{Host: wire.Station{MAC: mac}, Peer: wire.Station{MAC: mac}}
	packet := wire.Packet{Source: netip.MustParseAddrPort("198.51.100.2:1"), Destination: netip.MustParseAddrPort("192.0.2.77:7"), Payload: []byte("12345678")}
	a := &arrival{packet: packet}
	request := cable.Echo(packet, 1, 1)
	reply := append([]byte(nil), request...)
	const typeOfICMP = ethernetHeader + 20
	reply[typeOfICMP] = layers.ICMPv4TypeEchoReply
	other := packet
	other.Payload = []byte("abcdefgh")
	foreign := cable.Echo(other, 1, 1)
	foreign[typeOfICMP] = layers.ICMPv4TypeEchoReply
	for name, c := range map[string]struct {
		frame []byte
		want  bool
	}{"the reply": {reply, true}, "the request": {request, false}, "another reply": {foreign, false}, "a datagram": {cable.UDP(packet), false}} {
		if got := a.replies(wire.Frame{Direction: wire.Out, Bytes: c.frame}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
