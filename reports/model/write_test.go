package model

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestWritable(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	g.Expect(Writable(path)).To(gomega.Succeed())
	g.Expect(os.WriteFile(path, []byte("old"), 0o600)).To(gomega.Succeed())
	g.Expect(Writable(path)).To(gomega.Succeed())
	g.Expect(Writable(dir)).To(gomega.MatchError(dir + ": it is a directory; name a file in it"))
	missing := filepath.Join(dir, "missing")
	g.Expect(Writable(filepath.Join(missing, "r.json"))).To(gomega.MatchError(
		filepath.Join(missing, "r.json") + ": there is no folder " + missing + "; make it first"))
	g.Expect(Writable(filepath.Join(path, "r.json"))).To(gomega.MatchError(gomega.HavePrefix(filepath.Join(path, "r.json") + ": ")))
	g.Expect(Writable(filepath.Join(dir, "name\x00.json"))).To(gomega.MatchError(gomega.ContainSubstring("it can't be written")))
	if os.Geteuid() > 0 { // root writes everywhere
		closed := filepath.Join(dir, "closed")
		g.Expect(os.Mkdir(closed, 0o500)).To(gomega.Succeed())
		for _, write := range []func(string) error{Writable, func(p string) error { return WriteFile(p, nil) }} {
			g.Expect(write(filepath.Join(closed, "r.json"))).To(gomega.MatchError(
				filepath.Join(closed, "r.json") + ": it can't be written: permission denied"))
		}
	}
	left, err := os.ReadDir(dir)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(len(left)).To(gomega.BeNumerically("<=", 2), "no temporary file is left: %v", left)
	g.Expect(os.ReadFile(path)).To(gomega.BeEquivalentTo("old"))
}

// TestWriteThroughLinks writes to where a symbolic link leads, and leaves the link.
func TestWriteThroughLinks(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path, link := filepath.Join(dir, "r.json"), filepath.Join(dir, "link.json")
	err := os.Symlink("r.json", link) // Windows lets only the privileged make them
	if err == nil {
		_, err = os.Readlink(link) // what Wine makes can't be read
	}
	unable.Skip(t, err)
	g.Expect(os.WriteFile(path, []byte("old"), 0o600)).To(gomega.Succeed())
	g.Expect(WriteFile(link, []byte("new"))).To(gomega.Succeed())
	g.Expect(os.Readlink(link)).To(gomega.Equal("r.json"))
	g.Expect(os.ReadFile(path)).To(gomega.BeEquivalentTo("new"))
}

// TestWriteIntoDevices writes to what is no regular file, and leaves it there.
func TestWriteIntoDevices(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Writable(os.DevNull)).To(gomega.Succeed())
	g.Expect(WriteFile(os.DevNull, []byte("gone"))).To(gomega.Succeed())
	info, err := os.Stat(os.DevNull)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(info.Mode() & os.ModeDevice).NotTo(gomega.BeZero())
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		defer func() { _ = full.Close() }()
		_, err = full.WriteString("x")
		g.Expect(WriteFile("/dev/full", []byte("x"))).To(gomega.MatchError("/dev/full: it can't be written: " + cause(err)))
	}
}

func TestProbes(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	n := 0
	for _, result := range r.Results {
		for _, o := range result.Observations {
			n += o.Count
		}
	}
	g.Expect(n).NotTo(gomega.BeZero())
	g.Expect(r.Probes()).To(gomega.Equal(n))
	r.Results[0].Observations[0].Count += 41
	g.Expect(r.Probes()).To(gomega.Equal(n + 41))
}
