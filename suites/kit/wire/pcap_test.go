package wire_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// opened is a capture as another program reads it.
func opened(t *testing.T, capture []byte) (all []gopacket.CaptureInfo, contents [][]byte) {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(capture), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return all, contents
		}
		if err != nil {
			t.Fatal(err)
		}
		all, contents = append(all, info), append(contents, b)
	}
}

func TestCaptureOpensAgain(t *testing.T) {
	t.Run("with this clock", testCaptureOpensAgain)
	t.Run("with one that stands", func(t *testing.T) { synctest.Test(t, testCaptureOpensAgain) })
}

func testCaptureOpensAgain(t *testing.T) {
	g := NewWithT(t)
	left, _ := plugged(t)
	right, _ := plugged(t)
	var want [][]byte
	var on []int
	for _, f := range frames() {
		n := len(want) % 2
		g.Expect([]*wire.Cable{left, right}[n].Inject(f.bytes)).To(Succeed())
		want, on = append(want, f.bytes), append(on, n)
	}
	capture, err := wire.Capture(left, right)
	g.Expect(err).To(Succeed())
	infos, contents := opened(t, capture)
	g.Expect(contents).To(Equal(want), "every frame, in the order of both cables together")
	for i, info := range infos {
		g.Expect(info.InterfaceIndex).To(Equal(on[i]))
		g.Expect(info.Length).To(Equal(len(want[i])))
		g.Expect(info.Timestamp.IsZero()).To(BeFalse())
	}
}

// TestCaptureOfNothing is a file without packets that opens all the same.
func TestCaptureOfNothing(t *testing.T) {
	silent, _ := plugged(t)
	for name, cables := range map[string][]*wire.Cable{"no cable": nil, "a silent cable": {silent}} {
		capture, err := wire.Capture(cables...)
		if err != nil {
			t.Fatal(name, err)
		}
		if infos, _ := opened(t, capture); len(infos) != 0 {
			t.Errorf("%s: %v", name, infos)
		}
	}
}

// TestCapturesFollowOneAnother reads what the kit writes for a claim: the captures of its parts, one after the other.
func TestCapturesFollowOneAnother(t *testing.T) {
	var file []byte
	var want [][]byte
	for _, f := range frames() {
		c, _ := plugged(t)
		if err := c.Inject(f.bytes); err != nil {
			t.Fatal(err)
		}
		part, err := wire.Capture(c)
		if err != nil {
			t.Fatal(err)
		}
		file, want = append(file, part...), append(want, f.bytes)
	}
	if _, contents := opened(t, file); len(contents) != len(want) {
		t.Errorf("%d frames of %d", len(contents), len(want))
	}
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil || r.LinkType() != layers.LinkTypeEthernet {
		t.Error(err, r.LinkType())
	}
}
