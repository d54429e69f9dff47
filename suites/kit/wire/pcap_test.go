package wire_test

import (
	"bytes"
	"errors"
	"fmt"
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
	capture, err := wire.Capture("both", left, right)
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
		capture, err := wire.Capture("nothing", cables...)
		if err != nil {
			t.Fatal(name, err)
		}
		if infos, _ := opened(t, capture); len(infos) != 0 {
			t.Errorf("%s: %v", name, infos)
		}
	}
}

// TestCapturesFollowOneAnother reads what the kit writes for a report: the sections of all parts,
// one after the other.
func TestCapturesFollowOneAnother(t *testing.T) {
	var file []byte
	var want [][]byte
	for _, f := range frames() {
		c, _ := plugged(t)
		if err := c.Inject(f.bytes); err != nil {
			t.Fatal(err)
		}
		part, err := wire.Capture(fmt.Sprintf("part %d", len(want)), c)
		if err != nil {
			t.Fatal(err)
		}
		file, want = append(file, part...), append(want, f.bytes)
	}
	if _, contents := opened(t, file); len(contents) != len(want) {
		t.Errorf("%d frames of %d", len(contents), len(want))
	}
	sections, err := wire.Sections(file)
	if err != nil || len(sections) != len(want) {
		t.Fatalf("%d sections of %d, %v", len(sections), len(want), err)
	}
	var joined []byte
	for i, s := range sections {
		joined = append(joined, s.Bytes...)
		if want := fmt.Sprintf("part %d", i); s.Comment != want {
			t.Errorf("section %d says %q, want %q", i, s.Comment, want)
		}
	}
	if !bytes.Equal(joined, file) {
		t.Error("the sections are not the file")
	}
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil || r.LinkType() != layers.LinkTypeEthernet {
		t.Error(err, r.LinkType())
	}
}

// TestSectionsOfOtherFiles reads what is no capture of the kit, and captures that were cut or
// changed.
func TestSectionsOfOtherFiles(t *testing.T) {
	c, _ := plugged(t)
	whole, err := wire.Capture("part", c)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int, to byte) []byte {
		b := bytes.Clone(whole)
		b[at] = to
		return b
	}
	for name, file := range map[string][]byte{
		"text": []byte("frames, and a few more"), "cut": whole[:len(whole)-1], "short": whole[:8], "no section first": whole[whole[4]:],
		"byte order": changed(8, 0), "a length of nothing": changed(4, 0), "a length beyond the end": changed(6, 1),
	} {
		if sections, err := wire.Sections(file); err == nil {
			t.Errorf("%s: %d sections", name, len(sections))
		}
	}
	if sections, err := wire.Sections(nil); err != nil || len(sections) > 0 {
		t.Errorf("nothing: %v, %v", sections, err)
	}
	if sections, err := wire.Sections(changed(bytes.Index(whole, []byte("part"))-4, 9)); err != nil || sections[0].Comment != "" {
		t.Errorf("another option: %v, %v", sections, err)
	}
}
