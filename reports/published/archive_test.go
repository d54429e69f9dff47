package published

import (
	"archive/tar"
	"bytes"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

var update = flag.Bool("update", false, "put the reports of this folder into the program")

const archiveFile = "reports.tar.xz"

// TestArchive proves that the program holds the reports of this folder, and nothing else.
func TestArchive(t *testing.T) {
	g := gomega.NewWithT(t)
	want := contents(t, os.DirFS("."))
	if *update {
		g.Expect(model.WriteFile(archiveFile, pack(t, want))).To(gomega.Succeed())
		return
	}
	got := map[string][]byte{}
	g.Expect(unpack(func(name string, content io.Reader) (err error) {
		g.Expect(got).NotTo(gomega.HaveKey(name))
		got[name], err = io.ReadAll(content)
		return err
	})).To(gomega.Succeed())
	g.Expect(slices.Sorted(maps.Keys(got))).To(gomega.Equal(slices.Sorted(maps.Keys(want))), "go generate ./reports/published")
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s in %s is another: go generate ./reports/published", name, archiveFile)
		}
	}
}

func contents(t *testing.T, folder fs.FS) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = fs.ReadFile(folder, name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// pack makes the archive with xz(1): the same files in the same order and without a time give the same bytes.
func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	g := gomega.NewWithT(t)
	var plain bytes.Buffer
	w := tar.NewWriter(&plain)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		g.Expect(w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name]))})).To(gomega.Succeed())
		_, err := w.Write(files[name])
		g.Expect(err).NotTo(gomega.HaveOccurred())
	}
	g.Expect(w.Close()).To(gomega.Succeed())
	c := exec.Command("xz", "-9e", "--stdout")
	c.Stdin = &plain
	packed, err := c.Output()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	return packed
}
