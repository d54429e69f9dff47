package published

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

var update = flag.Bool("update", false, "put the reports of this folder into the program")

const archiveFile = "reports.zip"

// TestArchive proves that the program holds the reports of this folder, and nothing else.
func TestArchive(t *testing.T) {
	g := gomega.NewWithT(t)
	want := contents(t, os.DirFS("."))
	if *update {
		g.Expect(model.WriteFile(archiveFile, pack(t, want))).To(gomega.Succeed())
		return
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	got := contents(t, files)
	g.Expect(files.File).To(gomega.HaveLen(len(got)))
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

// pack makes the archive: the same files in the same order and without a time give the same bytes.
func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	g := gomega.NewWithT(t)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		_, err = f.Write(files[name])
		g.Expect(err).NotTo(gomega.HaveOccurred())
	}
	g.Expect(w.Close()).To(gomega.Succeed())
	return b.Bytes()
}
