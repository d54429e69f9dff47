package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// lacking writes a report whose catalogue lacks the last claim of this kit.
func lacking(t *testing.T, dir string) (model.Report, string) {
	t.Helper()
	g := gomega.NewWithT(t)
	r, err := model.Read("../../reports/published/wine-10.0-linux-6.18-amd64.json", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	last := len(r.Results) - 1
	r.Schema, r.Catalogue, r.Results = model.Schema, model.First()[:last], r.Results[:last]
	r.Run.Target, r.Run.How = "", ""
	b, err := finished(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	path := filepath.Join(dir, r.Platform.ID+".json")
	g.Expect(os.WriteFile(path, b, 0o600)).To(gomega.Succeed())
	r, err = model.Read(path, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	return r, path
}

func TestCompleting(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	r, path := lacking(t, dir)
	id := model.First()[len(r.Results)]
	for _, name := range []string{path, dir} {
		f, err := runFlags{complete: name}.completing()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(f.claims).To(gomega.Equal(id), "only what is missing is measured")
		fresh := model.Report{Schema: model.Schema, Kit: r.Kit, Platform: r.Platform, Run: r.Run, Catalogue: model.First(),
			Results: []model.Result{{Claim: id, Finding: r.Results[0].Finding}}}
		out, err := f.completed(fresh)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(out.Results).To(gomega.HaveLen(len(r.Results) + 1))
		g.Expect(out.Added).To(gomega.HaveLen(1))
		fresh.Platform.ID = "linux-6.12-amd64"
		_, err = f.completed(fresh)
		g.Expect(err).To(gomega.MatchError(gomega.MatchRegexp("complete it where it was measured|has no report of linux-6.12-amd64")))
	}
}

func TestCompletingRefuses(t *testing.T) {
	dir := t.TempDir()
	_, path := lacking(t, dir)
	edited := filepath.Join(t.TempDir(), "edited.json")
	r, err := model.Read(path, claim.Catalogue())
	gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
	r.Run.Seed++
	gomega.NewWithT(t).Expect(model.Write(edited, r)).To(gomega.Succeed())
	for want, f := range map[string]runFlags{
		"and nothing else":         {complete: path, claims: "headline"},
		"there is no such file":    {complete: filepath.Join(dir, "absent.json")},
		"is not what the kit":      {complete: edited},
		"there is nothing to meas": {complete: "../../reports/published/wine-10.0-linux-6.18-amd64.json"},
	} {
		_, err := f.completing()
		gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
	}
}
