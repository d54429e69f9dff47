package wire_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

const one, six = "127.0.0.1", "::1"

// frames are one of each kind that a cable makes, with what must be read from them.
func frames() map[string]struct {
	bytes []byte
	want  wire.Seen
	line  string
} {
	c := blank()
	payload := []byte("nonce")
	four := wire.Packet{Source: port("198.51.100.2", 9), Destination: port(one, 4242), Payload: payload}
	sixth := wire.Packet{Source: port("fd4c:4d58::2", 9), Destination: port(six, 4242), Payload: payload}
	a := netip.MustParseAddr
	return map[string]struct {
		bytes []byte
		want  wire.Seen
		line  string
	}{
		"udp":  {c.UDP(four), wire.Seen{Kind: "udp", Source: four.Source, Destination: four.Destination, Payload: payload}, "udp 198.51.100.2 > 127.0.0.1"},
		"udp6": {c.UDP(sixth), wire.Seen{Kind: "udp", Source: sixth.Source, Destination: sixth.Destination, Payload: payload}, "udp fd4c:4d58::2 > ::1"},
		"syn":  {c.SYN(four, 5), wire.Seen{Kind: "tcp", Flags: "SYN", Source: four.Source, Destination: four.Destination}, "tcp SYN 198.51.100.2 > 127.0.0.1"},
		"syn6": {c.SYN(sixth, 5), wire.Seen{Kind: "tcp", Flags: "SYN", Source: sixth.Source, Destination: sixth.Destination}, "tcp SYN fd4c:4d58::2 > ::1"},
		"echo": {c.Echo(four, 1, 2), wire.Seen{Kind: "icmp", Flags: "EchoRequest", Source: port("198.51.100.2", 0), Destination: port(one, 0), Payload: payload},
			"icmp EchoRequest 198.51.100.2 > 127.0.0.1"},
		"echo6": {c.Echo(sixth, 1, 2), wire.Seen{Kind: "icmpv6", Flags: "EchoRequest", Source: port("fd4c:4d58::2", 0), Destination: port(six, 0), Payload: payload},
			"icmpv6 EchoRequest fd4c:4d58::2 > ::1"},
		"arp": {c.WhoHas(a("198.51.100.2"), a(one)), wire.Seen{Kind: "arp", Flags: "request", Source: port("198.51.100.2", 0), Destination: port(one, 0)},
			"arp request 198.51.100.2 > 127.0.0.1"},
		"solicitation": {c.Solicit(a("fd4c:4d58::2"), a(six)), wire.Seen{Kind: "neighbour-solicitation", Flags: "NeighborSolicitation",
			Source: port("fd4c:4d58::2", 0), Destination: port(six, 0)}, "neighbour-solicitation NeighborSolicitation fd4c:4d58::2 > ::1"},
	}
}

func TestFramesReadAsTheyWereMade(t *testing.T) {
	for name, f := range frames() {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			seen := wire.Frame{Direction: wire.In, Bytes: f.bytes}.Read()
			if f.want.Payload == nil {
				seen.Payload = nil // what it is of a header says nothing
			} else {
				g.Expect(string(seen.Payload)).To(HaveSuffix(string(f.want.Payload)))
				seen.Payload = f.want.Payload
			}
			g.Expect(seen).To(Equal(f.want))
			g.Expect(seen.Line()).To(Equal(f.line))
		})
	}
}

// TestFramesAreWhole reads every frame strictly: all layers known, all lengths and checksums right.
func TestFramesAreWhole(t *testing.T) {
	for name, f := range frames() {
		p := gopacket.NewPacket(f.bytes, layers.LayerTypeEthernet, gopacket.DecodeOptions{Lazy: false})
		if p.ErrorLayer() != nil {
			t.Errorf("%s: %v", name, p.ErrorLayer().Error())
		}
		for _, l := range p.Layers() {
			if sums, does := l.(interface {
				SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
			}); does {
				if err := sums.SetNetworkLayerForChecksum(p.NetworkLayer()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if err, wrong := p.VerifyChecksums(); err != nil || len(wrong) > 0 {
			t.Errorf("%s: %v, %v", name, err, wrong)
		}
	}
}

func TestFramesGoWhereTheyAreSent(t *testing.T) {
	c := blank()
	stations := func(b []byte) string {
		return net.HardwareAddr(b[6:12]).String() + " > " + net.HardwareAddr(b[:6]).String()
	}
	p := wire.Packet{Source: port("198.51.100.2", 9), Destination: port(one, 7)}
	other := p
	other.FromMAC, other.ToMAC = net.HardwareAddr{2, 0, 0, 0, 0, 8}, net.HardwareAddr{2, 0, 0, 0, 0, 9}
	for _, r := range []struct{ got, want string }{
		{stations(c.UDP(p)), "02:00:00:00:00:02 > 02:00:00:00:00:01"},
		{stations(c.UDP(other)), "02:00:00:00:00:08 > 02:00:00:00:00:09"},
		{stations(c.WhoHas(p.Source.Addr(), p.Destination.Addr())), "02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff"},
		{stations(c.Solicit(c.Peer.IPv6, netip.MustParseAddr(six))), "02:00:00:00:00:02 > 33:33:ff:00:00:01"},
	} {
		if r.got != r.want {
			t.Errorf("%s, want %s", r.got, r.want)
		}
	}
}

// TestSummary holds the line that a report shows for an offending frame.
func TestSummary(t *testing.T) {
	f := wire.Frame{Direction: wire.Out, Bytes: frames()["udp"].bytes}
	if got := f.String(); !strings.HasPrefix(got, "out udp 198.51.100.2 > 127.0.0.1, ports 9 > 4242, ") || !strings.HasSuffix(got, " bytes") {
		t.Error(got)
	}
}
