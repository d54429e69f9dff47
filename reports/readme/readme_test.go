package readme

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/errata"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/notes"
	"github.com/loopmatrix/loopmatrix/reports/published"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

var update = flag.Bool("update", false, "write reports/README.md anew")

const file = "../../reports/README.md"

func explanations(t *testing.T) []notes.Note {
	t.Helper()
	all, err := notes.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func reports(t *testing.T) []model.Report {
	t.Helper()
	all, err := published.Reports(claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestReadme proves that reports/README.md is made of the published reports.
func TestReadme(t *testing.T) {
	g := gomega.NewWithT(t)
	page, err := Page(reports(t), claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	if *update {
		g.Expect(model.WriteFile(file, page)).To(gomega.Succeed())
		return
	}
	is, err := os.ReadFile(file)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	if string(is) != string(page) {
		t.Error("reports/README.md is out of date: go generate ./reports/readme")
	}
}

// TestAYoungerClaimChangesNoTable adds a claim to the catalogue that no report was measured
// against: the tables stay as they are, and it has no cell. With the first report that was, it
// comes in, and is unknown on the other platforms.
func TestAYoungerClaimChangesNoTable(t *testing.T) {
	unable.Long(t, "it writes the tables of all published reports twice")
	g := gomega.NewWithT(t)
	young := claim.Catalogue()[1]
	young.ID, young.Headline = "v4.younger", true
	grown := append(claim.Catalogue(), young)
	all := reports(t)
	page, err := Page(all, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	again, err := Page(all, grown)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(again)).To(gomega.Equal(string(page)))

	first := all[0]
	first.Schema, first.Catalogue = model.Schema, append(model.First(), young.ID)
	at := slices.IndexFunc(first.Results, func(r model.Result) bool { return r.Claim == claim.Catalogue()[1].ID })
	one := first.Results[at]
	one.Claim = young.ID
	first.Results = append(slices.Clone(first.Results), one)
	m, err := Matrix(append([]model.Report{first}, all[1:]...), grown)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	_, measured := m.Cell(young.ID, first.Platform.ID)
	g.Expect(measured).To(gomega.BeTrue())
	_, measured = m.Cell(young.ID, all[1].Platform.ID)
	g.Expect(measured).To(gomega.BeFalse(), "it is unknown there")
}

// TestNotesHold proves that every note is about a claim and behaviours that exist, and that what it
// explains is what the published reports show: on at least one platform, on none of its platforms
// anything else, and with the observations that it points at.
func TestNotesHold(t *testing.T) {
	all := reports(t)
	if len(all) == 0 {
		t.Skip("nothing is published yet")
	}
	m, err := Matrix(all, claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range explanations(t) {
		i := slices.IndexFunc(m.Claims, func(c claim.Claim) bool { return c.ID == n.Claim })
		if i < 0 {
			t.Errorf("%s is no claim", n.Claim)
			continue
		}
		for _, word := range n.Shows {
			if _, declared := m.Claims[i].Behaviour(word); !declared {
				t.Errorf("%s can't show %s", n.Claim, word)
			}
		}
		holds(t, m, all, n)
	}
}

func holds(t *testing.T, m model.Matrix, all []model.Report, n notes.Note) {
	t.Helper()
	for _, p := range m.Platforms {
		if cell, measured := m.Cell(n.Claim, p.ID); measured && cell.Behaviour != "" && n.About(p.ID) && !slices.Contains(n.Shows, cell.Behaviour) {
			t.Errorf("the note on %s explains %v, but %s shows %s", n.Claim, n.Shows, p.ID, cell.Behaviour)
		}
	}
	on := explained(m, n)
	if len(on) == 0 {
		t.Errorf("no platform shows what the note on %s explains: %v on %v", n.Claim, n.Shows, n.Platforms)
		return
	}
	result, _ := resultOf(all, on[0].ID, n.Claim)
	for _, l := range n.Look {
		if _, seen := l.In(result.Observations); !seen {
			t.Errorf("the note on %s points at %+v, which the report of %s does not have", n.Claim, l, on[0].ID)
		}
	}
}

// TestEveryDeviationIsExplained proves that no deviation stands in the published table without a
// word on it.
func TestEveryDeviationIsExplained(t *testing.T) {
	m, err := Matrix(reports(t), claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	all := explanations(t)
	for _, c := range m.Claims {
		for _, p := range m.Platforms {
			cell, _ := m.Cell(c.ID, p.ID)
			is := func(n notes.Note) bool { return n.Explains(c.ID, p.ID, cell.Behaviour) }
			if cell.Verdict == claim.Deviates && !slices.ContainsFunc(all, is) {
				t.Errorf("%s deviates on %s (%s: %s), and no note in reports/notes explains it", c.ID, p.ID, cell.Behaviour, cell.Detail)
			}
		}
	}
}

// TestEveryErratumIsNeeded proves that each erratum withdraws what a published report still shows.
func TestEveryErratumIsNeeded(t *testing.T) {
	g := gomega.NewWithT(t)
	all, err := errata.All()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	needed := map[string]bool{}
	for _, r := range reports(t) {
		for _, result := range r.Results { // as it was judged when it was measured
			if e, is := errata.Of(all, r, result); is {
				needed[e.Claim+e.Shows] = true
			}
		}
	}
	for _, e := range all {
		g.Expect(needed).To(gomega.HaveKey(e.Claim+e.Shows), "no published report shows %s: %s any more; remove the erratum", e.Claim, e.Shows)
	}
}

// TestAStaleNoteIsNoticed puts a note to the test that explains what no platform shows.
func TestAStaleNoteIsNoticed(t *testing.T) {
	g := gomega.NewWithT(t)
	m, err := Matrix(reports(t), claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(explained(m, notes.Note{Claim: "v4.block.bind", Platforms: []string{"*"}, Shows: []string{"none"}})).To(gomega.BeEmpty())
}
