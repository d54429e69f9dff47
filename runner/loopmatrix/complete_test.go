package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// lacking writes a report that was measured against the claims of this kit but so many of the last.
func lacking(t *testing.T, dir string, last int) (model.Report, string) {
	t.Helper()
	g := gomega.NewWithT(t)
	r, err := model.Read("../../reports/combine/testdata/measured/wine-10.json", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	measured := map[string]model.Result{}
	for _, result := range r.Results {
		measured[result.Claim] = result
	}
	all := ids(claim.Catalogue())
	r.Schema, r.Catalogue, r.Results = model.Schema, all[:len(all)-last], nil
	for _, id := range r.Catalogue {
		result, found := measured[id]
		if !found { // the claim is younger than the file
			result = measured["jail.remap"]
			result.Claim = id
		}
		r.Results = append(r.Results, result)
	}
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
	r, path := lacking(t, dir, 1)
	all := ids(claim.Catalogue())
	id := all[len(all)-1]
	for _, name := range []string{path, dir} {
		f, err := runFlags{complete: name}.completing()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(f.claims).To(gomega.Equal(id), "only what is missing is measured")
		fresh := model.Report{Schema: model.Schema, Kit: r.Kit, Platform: r.Platform, Run: r.Run, Catalogue: all,
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
	_, path := lacking(t, dir, 1)
	_, whole := lacking(t, t.TempDir(), 0)
	edited := filepath.Join(t.TempDir(), "edited.json")
	r, err := model.Read(path, claim.Catalogue())
	gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
	r.Run.Seed++
	gomega.NewWithT(t).Expect(model.Write(edited, r)).To(gomega.Succeed())
	for want, f := range map[string]runFlags{
		"and nothing else":         {complete: path, claims: "headline"},
		"there is no such file":    {complete: filepath.Join(dir, "absent.json")},
		"is not what the kit":      {complete: edited},
		"there is nothing to meas": {complete: whole},
	} {
		_, err := f.completing()
		gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
	}
}
