package probe

import (
	"net"
	"net/netip"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// TestCausedByOne proves that a segment counts for one attempt where the system gave a port to
// several: for the one that asked for its destination, and its source if it named one, and for
// whoever has the port if nobody did, because a packet filter may have rewritten the segment.
func TestCausedByOne(t *testing.T) {
	one, two, own := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("198.51.100.1")
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	cable := &wire.Cable{Host: wire.Station{MAC: mac}, Peer: wire.Station{MAC: mac}}
	const port = 40000
	all := []*attempt{
		{Emission: Emission{Proto: "tcp", To: one}, port: port},
		{Emission: Emission{Proto: "tcp", To: two}, port: port},
		{Emission: Emission{Proto: "tcp", To: two, From: one}, port: port + 1},
		{Emission: Emission{Proto: "tcp", To: two, From: own}, port: port + 1},
		{Emission: Emission{Proto: "udp", To: one}, nonce: []byte("nonce")},
	}
	for _, row := range []struct {
		source, destination netip.Addr
		port                uint16
		causes              []int
	}{
		{own, one, port, []int{0}},
		{own, two, port, []int{1}},
		{one, two, port + 1, []int{2}},
		{own, two, port + 1, []int{3}},
		{own, own, port, []int{0, 1}}, // rewritten
		{own, one, port + 2, nil},
	} {
		f := wire.Frame{Direction: wire.Out, Bytes: cable.SYN(wire.Packet{Source: netip.AddrPortFrom(row.source, row.port),
			Destination: netip.AddrPortFrom(row.destination, echoPort)}, 1)}
		var causes []int
		for i, a := range all {
			if a.caused(f, all) {
				causes = append(causes, i)
			}
		}
		if len(causes) != len(row.causes) || len(causes) > 0 && causes[0] != row.causes[0] {
			t.Errorf("%s is of the attempts %v, want %v", f, causes, row.causes)
		}
	}
}

// TestWithoutEthernet proves that a raw packet ends where its header says, and not with the padding
// of a short frame.
func TestWithoutEthernet(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	cable := &wire.Cable{Host: wire.Station{MAC: mac}, Peer: wire.Station{MAC: mac}}
	p := wire.Packet{Source: netip.MustParseAddrPort("127.0.0.1:1"), Destination: netip.MustParseAddrPort("198.51.100.2:7"), Payload: make([]byte, 8)}
	const ipHeader, udpHeader, tcpHeader = 20, 8, 20
	for name, c := range map[string]struct {
		frame []byte
		want  int
	}{
		"udp": {cable.UDP(p), ipHeader + udpHeader + len(p.Payload)}, "icmp": {cable.Echo(p, 1, 1), ipHeader + udpHeader + len(p.Payload)},
		"a segment": {cable.SYN(wire.Packet{Source: p.Source, Destination: p.Destination}, 1), ipHeader + tcpHeader},
	} {
		if got := len(withoutEthernet(c.frame)); got != c.want || len(c.frame) < 60 {
			t.Errorf("%s: %d bytes of a frame of %d, want %d of a padded one", name, got, len(c.frame), c.want)
		}
	}
}
