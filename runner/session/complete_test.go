package session

import (
	"crypto/sha256"
	"encoding/hex"
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
	b, err := Encode(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	path := filepath.Join(dir, r.Platform.ID+".json")
	g.Expect(os.WriteFile(path, b, 0o600)).To(gomega.Succeed())
	r, err = model.Read(path, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	return r, path
}

// completing is the plan of a run that completes these reports.
func completing(t *testing.T, path string) Plan {
	t.Helper()
	o := Defaults()
	o.Complete = path
	p, err := o.Plan()
	gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
	return p
}

func TestCompleting(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	r, path := lacking(t, dir, 1)
	all := ids(claim.Catalogue())
	id := all[len(all)-1]
	for _, name := range []string{path, dir} {
		p := completing(t, name)
		g.Expect(p.selected).To(gomega.ConsistOf(gomega.HaveField("ID", id)), "only what is missing is measured")
		g.Expect(p.arguments(1)).To(gomega.ContainElements("--claims", id), "on targets as well")
		fresh := Outcome{Interrupted: true, Report: model.Report{Schema: model.Schema, Kit: r.Kit, Platform: r.Platform, Run: r.Run, Catalogue: all,
			Results: []model.Result{{Claim: id, Finding: r.Results[0].Finding}}}}
		out, err := p.completed(fresh)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(out.Interrupted).To(gomega.BeTrue())
		g.Expect(out.Report.Results).To(gomega.HaveLen(len(r.Results) + 1))
		g.Expect(out.Report.Added).To(gomega.HaveLen(1))
		g.Expect(out.Capture).To(gomega.BeEmpty())
		fresh.Report.Platform.ID = "linux-6.12-amd64"
		_, err = p.completed(fresh)
		g.Expect(err).To(gomega.MatchError(gomega.MatchRegexp("complete it where it was measured|has no report of linux-6.12-amd64")))
		g.Expect(err).To(gomega.BeAssignableToTypeOf(Usage{}))
	}
}

// TestCompletingCaptures adds the sections of what was lacking to the capture beside the report.
// One file for each claim, as older kits wrote them, stays as it is.
func TestCompletingCaptures(t *testing.T) {
	all := ids(claim.Catalogue())
	id := all[len(all)-1]
	for name, c := range map[string]struct {
		had  string // the file that the report names
		want string // the file that is written
	}{
		"one file":            {"wine-10.0-amd64.pcapng", "old frames, new frames"},
		"a file of the claim": {"wine-10.0-amd64.v4.block.bind.pcapng", "new frames"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			dir := t.TempDir()
			r, path := lacking(t, dir, 1)
			r.Platform.ID = "wine-10.0-amd64"
			r.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: c.had, SHA256: hash("old frames, ")}}
			rewrite(t, path, r)
			g.Expect(os.WriteFile(filepath.Join(dir, c.had), []byte("old frames, "), 0o600)).To(gomega.Succeed())
			o := Defaults()
			o.Complete, o.Targets = path, true
			p, err := o.Plan()
			g.Expect(err).NotTo(gomega.HaveOccurred())
			fresh := Outcome{Report: model.Report{Schema: model.Schema, Kit: r.Kit, Platform: r.Platform, Run: r.Run, Catalogue: all,
				Results: []model.Result{{Claim: id, Finding: r.Results[0].Finding}}}}
			fresh.attach(map[string][]claim.Capture{id: {{Part: "one", Bytes: []byte("new ")}, {Part: "two", Bytes: []byte("frames")}}})
			out, err := p.completed(fresh)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(string(out.Capture)).To(gomega.Equal(c.want))
			last := out.Report.Results[len(out.Report.Results)-1].Evidence[0]
			g.Expect(last).To(gomega.Equal(model.Evidence{Kind: "pcap", Name: "wine-10.0-amd64.pcapng", Section: id + ": ", SHA256: hash(c.want), Note: "what crossed the cable: one; two"}))
			before := out.Report.Results[0].Evidence[0]
			g.Expect(before.Name).To(gomega.Equal(c.had))
			if c.had == last.Name {
				g.Expect(before.SHA256).To(gomega.Equal(last.SHA256), "it is one file")
			} else {
				g.Expect(before.SHA256).To(gomega.Equal(hash("old frames, ")))
			}
			g.Expect(p.incomplete.Reports[0].Results[0].Evidence[0].SHA256).To(gomega.Equal(hash("old frames, ")), "what was read stays")
		})
	}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// rewrite writes a report anew, as a kit would.
func rewrite(t *testing.T, path string, r model.Report) {
	t.Helper()
	b, err := Encode(r)
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
