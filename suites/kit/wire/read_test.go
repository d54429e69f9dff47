package wire_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// around puts the packet of a frame behind other headers than that of Ethernet alone.
func around(t *testing.T, frame []byte, headers ...gopacket.SerializableLayer) wire.Frame {
	t.Helper()
	const ethernet = 14
	b := gopacket.NewSerializeBuffer()
	all := slices.Concat(headers, []gopacket.SerializableLayer{gopacket.Payload(frame[ethernet:])})
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{}, all...); err != nil {
		t.Fatal(err)
	}
	return wire.Frame{Direction: wire.Out, Bytes: b.Bytes()}
}

func ethernet(kind layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: blank().Host.MAC, DstMAC: blank().Peer.MAC, EthernetType: kind}
}

// TestLabelledFramesAreNeverFlagged holds the exception for MPLS echo requests and BFD, and that it
// is one for labels only.
func TestLabelledFramesAreNeverFlagged(t *testing.T) {
	datagram := frames()["udp"].bytes
	label := &layers.MPLS{Label: 16, StackBottom: true, TTL: 64}
	under := &layers.MPLS{Label: 17, TTL: 64}
	for name, r := range map[string]struct {
		frame   wire.Frame
		kind    string
		flagged bool
	}{
		"a label":            {around(t, datagram, ethernet(layers.EthernetTypeMPLSUnicast), label), "mpls", false},
		"two labels":         {around(t, datagram, ethernet(layers.EthernetTypeMPLSUnicast), under, label), "mpls", false},
		"a label in a VLAN":  {around(t, datagram, ethernet(layers.EthernetTypeDot1Q), &layers.Dot1Q{VLANIdentifier: 5, Type: layers.EthernetTypeMPLSUnicast}, label), "mpls", false},
		"a VLAN":             {around(t, datagram, ethernet(layers.EthernetTypeDot1Q), &layers.Dot1Q{VLANIdentifier: 5, Type: layers.EthernetTypeIPv4}), "udp", true},
		"nothing in between": {around(t, datagram, ethernet(layers.EthernetTypeIPv4)), "udp", true},
	} {
		if kind := r.frame.Read().Kind; kind != r.kind || r.frame.Mentions(sock.IsLoopback) != r.flagged {
			t.Errorf("%s: %s, flagged %t", name, kind, r.frame.Mentions(sock.IsLoopback))
		}
	}
}

// TestMentions asks both ends of every kind of frame.
func TestMentions(t *testing.T) {
	for name, f := range frames() {
		frame := wire.Frame{Bytes: f.bytes}
		for _, a := range []netip.Addr{f.want.Source.Addr(), f.want.Destination.Addr()} {
			if !frame.Mentions(func(b netip.Addr) bool { return a == b }) {
				t.Errorf("%s does not mention %s", name, a)
			}
		}
		if frame.Mentions(func(b netip.Addr) bool { return b == netip.MustParseAddr("192.0.2.9") }) {
			t.Errorf("%s mentions a stranger", name)
		}
	}
}

// addressed is the length below which no frame has both addresses: an Ethernet header and one of
// IPv4.
const addressed = 14 + 20

// TestReadOfPieces reads every frame cut at every length: no panic, and what has no whole addresses
// mentions none.
func TestReadOfPieces(t *testing.T) {
	for name, f := range frames() {
		for n := range len(f.bytes) {
			piece := wire.Frame{Direction: wire.Out, Bytes: f.bytes[:n]}
			s := piece.Read()
			if s.Kind == "" || piece.String() == "" {
				t.Errorf("%s, %d bytes: %+v", name, n, s)
			}
			if n < addressed && s.Source.Addr().IsValid() {
				t.Errorf("%s, %d bytes: has addresses: %+v", name, n, s)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, known := range frames() {
		f.Add(known.bytes)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		frame := wire.Frame{Direction: wire.Out, Bytes: b}
		s := frame.Read()
		if s.Kind == "" || frame.String() == "" || s.Line() == "" {
			t.Errorf("%x: %+v", b, s)
		}
		_ = frame.Mentions(sock.IsLoopback)
	})
}
