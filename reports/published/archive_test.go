package published

import (
	"archive/tar"
	"bytes"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/ulikunitz/xz"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

var (
	update  = flag.Bool("update", false, "put the reports of this folder into the program")
	current = flag.Bool("current", false, "want the program to hold each report of this folder")
)

const archiveFile = "reports.tar.xz"

// TestArchive proves that the program holds nothing but reports of this folder. One that was added,
// or that took the place of an older one, is packed when it is merged: it need not be there yet, so
// that who adds a report changes no other file. With -current, as on main, it has to be.
func TestArchive(t *testing.T) {
	g := gomega.NewWithT(t)
	want := contents(t)
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
	wrong, waiting := against(got, want)
	for _, name := range wrong {
		t.Errorf("%s in %s is no report of this folder: make tables", name, archiveFile)
	}
	for _, name := range waiting {
		if *current {
			t.Errorf("%s is not in the program: make tables", name)
		} else {
			t.Logf("%s is packed when it is merged", name)
		}
	}
}

// against says which reports of the program are neither in the folder nor older than the one of the
// same name there, and which of the folder are still to be packed.
func against(got, want map[string][]byte) (wrong, waiting []string) {
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if !bytes.Equal(got[name], want[name]) && !older(got[name], want[name]) {
			wrong = append(wrong, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(got[name], want[name]) {
			waiting = append(waiting, name)
		}
	}
	return wrong, waiting
}

// older reports whether a report is an earlier one of the same platform than another that is as the
// kit wrote it.
func older(packed, now []byte) bool {
	was, err := model.Decode(bytes.NewReader(packed), "packed", claim.Catalogue())
	if err != nil {
		return false
	}
	is, err := model.Decode(bytes.NewReader(now), "now", claim.Catalogue())
	return err == nil && is.Intact() == nil && is.Platform.ID == was.Platform.ID && last(is).After(last(was))
}

// last returns when the last run of a report began.
func last(r model.Report) time.Time {
	at := r.Run.Started
	for _, a := range r.Added {
		if a.Run.Started.After(at) {
			at = a.Run.Started
		}
	}
	return at
}

// TestAgainst puts archive and folder to the test: what is merged later is no fault, anything else
// is.
func TestAgainst(t *testing.T) {
	g := gomega.NewWithT(t)
	all := contents(t)
	names := slices.Sorted(maps.Keys(all))
	packed := maps.Clone(all)
	delete(packed, names[0])
	wrong, waiting := against(packed, all)
	g.Expect(wrong).To(gomega.BeEmpty())
	g.Expect(waiting).To(gomega.Equal(names[:1]), "a report that was added")
	wrong, _ = against(all, packed)
	g.Expect(wrong).To(gomega.Equal(names[:1]), "a report that was taken away")
	edited := maps.Clone(all)
	edited[names[1]] = bytes.Replace(all[names[1]], []byte(`"repeat": 1`), []byte(`"repeat": 2`), 1)
	wrong, _ = against(all, edited)
	g.Expect(wrong).To(gomega.Equal(names[1:2]), "a report that was edited")
	wrong, _ = against(edited, all)
	g.Expect(wrong).To(gomega.Equal(names[1:2]), "a report that was edited in the archive")
	r, err := model.Decode(bytes.NewReader(all[names[2]]), names[2], claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	r.Run.Started = r.Run.Started.AddDate(0, 1, 0)
	r, err = r.Sealed()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	newer := maps.Clone(all)
	newer[names[2]], err = model.Encode(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	wrong, waiting = against(all, newer)
	g.Expect(wrong).To(gomega.BeEmpty())
	g.Expect(waiting).To(gomega.Equal(names[2:3]), "a newer report of the same platform")
}

// contents are the reports of this folder.
func contents(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// dictionary is how far back a report is compared with the ones before it, in bytes: to the first
// of all.
const dictionary = 64 << 20

// pack makes the archive: the same files in the same order and without a time give the same bytes.
func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	g := gomega.NewWithT(t)
	var packed bytes.Buffer
	x, err := xz.WriterConfig{DictCap: dictionary}.NewWriter(&packed)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	w := tar.NewWriter(x)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		g.Expect(w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name]))})).To(gomega.Succeed())
		_, err := w.Write(files[name])
		g.Expect(err).NotTo(gomega.HaveOccurred())
	}
	g.Expect(w.Close()).To(gomega.Succeed())
	g.Expect(x.Close()).To(gomega.Succeed())
	return packed.Bytes()
}
