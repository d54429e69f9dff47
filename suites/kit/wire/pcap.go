package wire

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// Capture writes everything that crossed these cables as a pcapng file, one interface a cable, which Wireshark opens.
func Capture(cables ...*Cable) ([]byte, error) {
	type placed struct {
		Frame
		cable int
	}
	var all []placed
	for i, c := range cables {
		for _, f := range c.After(0) {
			all = append(all, placed{f, i})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.nth, b.nth) })
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriter(&b, layers.LinkTypeEthernet)
	if err != nil {
		return nil, err
	}
	for range cables[min(1, len(cables)):] {
		if _, err := w.AddInterface(pcapgo.NgInterface{LinkType: layers.LinkTypeEthernet, SnapLength: 0}); err != nil {
			return nil, err
		}
	}
	for _, f := range all {
		info := gopacket.CaptureInfo{Timestamp: f.At, CaptureLength: len(f.Bytes), Length: len(f.Bytes), InterfaceIndex: f.cable}
		if err := w.WritePacket(info, f.Bytes); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
