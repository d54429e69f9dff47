package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func TestSite(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64", "macos-15-arm64")
	path := filepath.Join(dir, "linux-6.12-amd64.json")
	r := read(t, path)
	sum := sha256.Sum256([]byte("frames"))
	r.Results[0].Evidence = []model.Evidence{
		{Kind: "pcap", Name: "kept.pcapng", SHA256: hex.EncodeToString(sum[:])},
		{Kind: "pcap", Name: "other.pcapng", SHA256: hex.EncodeToString(sum[:])},
		{Kind: "pcap", Name: "gone.pcapng", SHA256: hex.EncodeToString(sum[:])}}
	r.Digest = nil
	g.Expect(model.Write(path, r)).To(gomega.Succeed())
	for name, text := range map[string]string{"kept.pcapng": "frames", "other.pcapng": "what another run wrote"} {
		g.Expect(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)).To(gomega.Succeed())
	}
	out := filepath.Join(t.TempDir(), "site")
	for range 2 { // the second takes the place of the first
		shown := loopmatrix(t, "matrix", "--format", "html", "--out", out, dir)
		g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
		g.Expect(shown.stdout).To(gomega.BeEmpty())
	}
	for _, name := range []string{"index.html", "matrix.json", "platforms/macos-15-arm64.html", "claims/v4.block.bind.json", "captures/linux-6.12-amd64/kept.pcapng"} {
		g.Expect(filepath.Join(out, filepath.FromSlash(name))).To(gomega.BeARegularFile())
	}
	captures, err := os.ReadDir(filepath.Join(out, "captures", "linux-6.12-amd64"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(len(captures)).To(gomega.Equal(1), "a file of the same name is not the capture")
	index, err := os.ReadFile(filepath.Join(out, "index.html"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(index)).To(gomega.And(gomega.ContainSubstring("Title of macos-15-arm64"), gomega.ContainSubstring("nobody has measured it")))
}

func TestSiteNeedsAFolderOfItsOwn(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	before := state(t, dir)
	for _, args := range [][]string{{}, {"--out", "-"}, {"--out", dir}, {"--out", filepath.Join(dir, "no", "site")}} {
		shown := loopmatrix(t, append([]string{"matrix", "--format", "html", dir}, args...)...)
		g.Expect(shown.code).To(gomega.Equal(exitUsage), "%v", args)
		g.Expect(shown.stderr).To(gomega.ContainSubstring("--out"))
	}
	g.Expect(state(t, dir)).To(gomega.Equal(before), "nothing was touched")
}

// TestOlder asks which releases have been displaced, and lists them on the page.
func TestOlder(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "macos-26.1-vm-arm64", "macos-26.2-vm-arm64", "macos-26.3-vm-arm64")
	for day, id := range []string{"macos-26.1-vm-arm64", "macos-26.2-vm-arm64", "macos-26.3-vm-arm64"} {
		path := filepath.Join(dir, id+".json")
		r := read(t, path)
		r.Run.Started = r.Run.Started.AddDate(0, 0, day)
		r.Digest = nil
		g.Expect(model.Write(path, r)).To(gomega.Succeed())
	}
	shown := loopmatrix(t, "matrix", "--format", "older", dir)
	g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
	g.Expect(shown.stdout).To(gomega.Equal("macos-26.1-vm-arm64\n"))

	older := t.TempDir()
	g.Expect(os.Rename(filepath.Join(dir, "macos-26.1-vm-arm64.json"), filepath.Join(older, "macos-26.1-vm-arm64.json"))).To(gomega.Succeed())
	out := filepath.Join(t.TempDir(), "site")
	shown = loopmatrix(t, "matrix", "--format", "html", "--older", older, "--out", out, dir)
	g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
	index, err := os.ReadFile(filepath.Join(out, "index.html"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(index)).To(gomega.And(gomega.ContainSubstring("/blob/data/older/macos-26.1-vm-arm64.json"), gomega.ContainSubstring("Older releases")))
	g.Expect(filepath.Join(out, "platforms", "macos-26.1-vm-arm64.html")).NotTo(gomega.BeAnExistingFile())

	g.Expect(os.WriteFile(filepath.Join(older, "broken.json"), []byte("{"), 0o600)).To(gomega.Succeed())
	shown = loopmatrix(t, "matrix", "--format", "html", "--older", older, "--out", filepath.Join(t.TempDir(), "site"), dir)
	g.Expect(shown.code).To(gomega.Equal(exitUsage))
	g.Expect(shown.stderr).To(gomega.ContainSubstring("broken.json"))
	g.Expect(loopmatrix(t, "matrix", "--format", "json", "--older", older, dir).code).To(gomega.Equal(exitUsage))
}
