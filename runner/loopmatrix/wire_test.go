package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

func TestWireOff(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	loopmatrix(t, "run", "--quiet", "--claims", "block,offhost", "--wire", "off", "--out", path)
	r := read(t, path)
	g.Expect(r.Platform.Wire).To(gomega.Equal("none"))
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
	g.Expect(names(t, captures)).To(gomega.Equal([]string{session.CaptureName(r)}), "one file for all")
	b, err := os.ReadFile(filepath.Join(captures, session.CaptureName(r)))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	sum := sha256.Sum256(b)
	sections, err := wire.Sections(b)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	crossed, named := 0, map[string]int{}
	for _, s := range sections {
		crossed += packets(t, s.Bytes)
		id, part, _ := strings.Cut(s.Comment, ": ")
		i := slices.IndexFunc(claim.Catalogue(), func(e claim.Entry) bool { return e.ID == id })
		g.Expect(i).To(gomega.BeNumerically(">=", 0), s.Comment)
		g.Expect(claim.Catalogue()[i].Parts).To(gomega.ContainElement(gomega.HaveField("Name", part)), s.Comment)
		named[id]++
	}
	g.Expect(crossed).To(gomega.Equal(packets(t, b)), "one program reads what several sections hold")
	for _, result := range r.Results {
		if named[result.Claim] == 0 {
			g.Expect(result.Evidence).To(gomega.BeEmpty())
			continue
		}
		g.Expect(result.Evidence).To(gomega.ConsistOf(gomega.And(gomega.HaveField("Name", session.CaptureName(r)),
			gomega.HaveField("Section", result.Claim+": "), gomega.HaveField("SHA256", hex.EncodeToString(sum[:])))))
	}
	cabled := slices.ContainsFunc(claim.Catalogue(), func(e claim.Entry) bool {
		return e.Family == claim.Offhost && slices.ContainsFunc(e.Parts, func(p claim.Part) bool { return p.In.Cables > 0 })
	})
	g.Expect(crossed > 0).To(gomega.Equal(cabled))
}

// packets counts those of a pcapng file.
func packets(t *testing.T, file []byte) (n int) {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err := r.ReadPacketData(); errors.Is(err, io.EOF) {
			return n
		} else if err != nil {
			t.Fatalf("packet %d: %v", n+1, err)
		}
		n++
	}
}

// TestWordsOfConsent makes sure that whoever asks for help reads how to permit a change of this
// machine.
func TestWordsOfConsent(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(loopmatrix(t, "run", "--help").stdout).To(gomega.And(gomega.ContainSubstring("--wire required"), gomega.ContainSubstring(privatehost.Permission+"=1")))
	g.Expect(loopmatrix(t, "matrix", "--help").stdout).To(gomega.ContainSubstring(privatehost.Permission+"=1"), "it has no --wire")
}
