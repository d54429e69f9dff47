package combine

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// combined is the bytes of the matrix of some files.
func combined(t *testing.T, paths []string, read Reading) string {
	t.Helper()
	table := NewTable(claim.Catalogue())
	if err := read(paths, claim.Catalogue(), table.Add); err != nil {
		t.Fatal(err)
	}
	m, err := table.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	text, err := model.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFilesInAnyOrder(t *testing.T) {
	paths := manyReports(t, 30)
	want := combined(t, paths, Files)
	if n := strings.Count(want, `"measured"`); n != 30 {
		t.Errorf("%d platforms, want 30", n)
	}
	order := rand.New(rand.NewPCG(1, 2)) // any orders will do, and the same ones every time
	for range 5 {
		order.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		if combined(t, paths, Files) != want {
			t.Error("another order gives another matrix:", paths)
		}
	}
}

// TestAnswersAgree makes sure that no answer follows from a transcript.
func TestAnswersAgree(t *testing.T) {
	paths := manyReports(t, 40)
	if combined(t, paths, Answers) != combined(t, paths, Files) {
		t.Error("a table of answers is another one")
	}
}

// TestFilesAndCombineAgree makes sure that nothing gets lost by letting go of the reports.
func TestFilesAndCombineAgree(t *testing.T) {
	g := gomega.NewWithT(t)
	paths := manyReports(t, 5)
	var all []model.Report
	for _, path := range paths {
		r, err := model.Read(path, claim.Catalogue())
		g.Expect(err).NotTo(gomega.HaveOccurred())
		all = append(all, Rejudge(r, claim.Catalogue()))
	}
	m, err := Combine(all, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(model.Encode(m)).To(gomega.BeEquivalentTo(combined(t, paths, Files)))
}

// TestFilesTellsAll wants the problems of all files, in their order, and the good ones taken all
// the same.
func TestFilesTellsAll(t *testing.T) {
	g := gomega.NewWithT(t)
	paths := manyReports(t, 3)
	broken := filepath.Join(t.TempDir(), "broken.json")
	g.Expect(os.WriteFile(broken, []byte(`{"schema": 1, "x": 1, "y": 2}`), 0o600)).To(gomega.Succeed())
	missing := filepath.Join(t.TempDir(), "missing.json")
	paths = slices.Insert(paths, 1, missing)
	paths = append(paths, broken)
	taken := make(chan model.Report, len(paths))
	err := Files(paths, claim.Catalogue(), func(r model.Report) { taken <- r })
	g.Expect(err).To(gomega.MatchError(missing + ": there is no such file\n" +
		broken + ": x: schema 1 has no such field here; is it misspelt, or from a newer kit?\n" +
		broken + ": y: schema 1 has no such field here; is it misspelt, or from a newer kit?"))
	g.Expect(taken).To(gomega.HaveLen(3))
}

// manyReports writes the published reports over and over, whole and each as that of another
// platform.
func manyReports(tb testing.TB, n int) (paths []string) {
	tb.Helper()
	dir := tb.TempDir()
	all := reportsIn(tb, "../../reports/published/*.json")
	for i := range n {
		r := all[i%len(all)]
		text, err := os.ReadFile(r.File)
		if err != nil {
			tb.Fatal(err)
		}
		id := fmt.Sprintf("%s-n%d", r.Platform.ID, i)
		changed := bytes.ReplaceAll(text, strconv.AppendQuote(nil, r.Platform.ID), strconv.AppendQuote(nil, id))
		if bytes.Equal(text, changed) {
			tb.Fatalf("%s does not stand in its report", r.Platform.ID)
		}
		path := filepath.Join(dir, id+".json")
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			tb.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
