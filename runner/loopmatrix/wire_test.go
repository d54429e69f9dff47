package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestWireOff(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	loopmatrix(t, "run", "--quiet", "--claims", "block,offhost", "--wire", "off", "--out", path)
	r := read(t, path)
	g.Expect(r.Platform.Wire).To(gomega.Equal(noWire))
	for i, e := range claim.Catalogue() {
		if e.Family == claim.Offhost && len(e.Parts) > 0 {
			g.Expect(r.Results[i].Verdict).To(gomega.Equal(claim.NotRun))
			g.Expect(r.Results[i].Reason).To(gomega.ContainSubstring("--wire off"))
		}
	}
}

// TestWire keeps what crosses the cables, and opens it.
func TestWire(t *testing.T) {
	kind, err := privatehost.Probe()
	unable.Skip(t, err)
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path, captures := filepath.Join(dir, "r.json"), filepath.Join(dir, "new", "captures")
	ended := loopmatrix(t, "run", "--quiet", "--claims", "offhost", "--wire", "required", "--pcap", captures, "--out", path)
	g.Expect(ended.code).To(gomega.BeElementOf(exitFine, exitDeviates), ended.stderr)
	r := read(t, path)
	g.Expect(r.Platform.Wire).To(gomega.Equal(kind))
	files, err := os.ReadDir(captures)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	kept, crossed := 0, 0
	for _, result := range r.Results {
		for _, e := range result.Evidence {
			kept++
			g.Expect(e.Name).To(gomega.Equal(result.Claim + ".pcapng"))
			b, err := os.ReadFile(filepath.Join(captures, e.Name))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			sum := sha256.Sum256(b)
			g.Expect(e.SHA256).To(gomega.Equal(hex.EncodeToString(sum[:])))
			crossed += packets(t, filepath.Join(captures, e.Name))
		}
	}
	g.Expect(files).To(gomega.HaveLen(kept))
	cabled := slices.ContainsFunc(claim.Catalogue(), func(e claim.Entry) bool {
		return e.Family == claim.Offhost && slices.ContainsFunc(e.Parts, func(p claim.Part) bool { return p.In.Cables > 0 })
	})
	g.Expect(crossed > 0).To(gomega.Equal(cabled))
}

// packets counts those of a pcapng file.
func packets(t *testing.T, path string) (n int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := pcapgo.NewNgReader(f, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for {
		if _, _, err := r.ReadPacketData(); errors.Is(err, io.EOF) {
			return n
		} else if err != nil {
			t.Fatalf("%s: packet %d: %v", path, n+1, err)
		}
		n++
	}
}
