package site

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/documented"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// pages is the site of a matrix, by path.
func pages(t *testing.T, m model.Matrix, reports []model.Report) map[string]string {
	t.Helper()
	files, err := Build(m, reports, Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		out[f.Path] = string(f.Bytes)
	}
	return out
}

func said(t *testing.T) model.Documentation {
	t.Helper()
	all, err := documented.All(claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDocumentedCountsForNothing builds the site with and without what is documented: no badge, no
// page of a platform and no cell of the matrix changes.
func TestDocumentedCountsForNothing(t *testing.T) {
	g := gomega.NewWithT(t)
	reports := measured(t)
	without := pages(t, beside(reports), reports)
	with := pages(t, beside(reports).With(said(t)), reports)
	compared := 0
	for path, text := range without {
		if path == "matrix.json" || strings.HasPrefix(path, "badges/") || strings.HasPrefix(path, "platforms/") {
			g.Expect(with[path]).To(gomega.Equal(text), path)
			compared++
		}
	}
	g.Expect(compared).To(gomega.BeNumerically(">", 130))
	g.Expect(with["claims/v4.block.bind.json"]).NotTo(gomega.Equal(without["claims/v4.block.bind.json"]), "else this compares nothing")
	var tags = regexp.MustCompile(`<span class="v [cdoni]">[^<]*</span>`)
	g.Expect(tags.FindAllString(with["index.html"], -1)).To(gomega.Equal(tags.FindAllString(without["index.html"], -1)))
}

// TestDocumentedIsMarkedWithoutColour wants mark and word in each documented cell of the table and
// each documented answer, and in none that was measured.
func TestDocumentedIsMarkedWithoutColour(t *testing.T) {
	g := gomega.NewWithT(t)
	index := pages(t, beside(nil).With(said(t)), nil)["index.html"]
	cells := regexp.MustCompile(`<td class="k">.*?</td>`).FindAllString(index, -1)
	g.Expect(len(cells)).To(gomega.BeNumerically(">", 250))
	for _, c := range cells {
		g.Expect(c).To(gomega.ContainSubstring("≈ documented"))
		g.Expect(c).NotTo(gomega.MatchRegexp("[✓✗·]"))
	}
	answers := regexp.MustCompile(`(?s)<li class="k".*?</li>`).FindAllString(index, -1)
	g.Expect(len(answers)).To(gomega.BeNumerically(">", 15))
	for _, a := range answers {
		g.Expect(a).To(gomega.And(gomega.ContainSubstring("<strong>≈ "), gomega.ContainSubstring("≈ documented"), gomega.ContainSubstring(`href="https://`), gomega.ContainSubstring("confidence ")))
		g.Expect(a).NotTo(gomega.MatchRegexp("[✓✗]|seen on the link"))
	}
}

// TestTheFirstCardAnswersTheMacQuestion wants the answer in the first sentence below the first
// question.
func TestTheFirstCardAnswersTheMacQuestion(t *testing.T) {
	g := gomega.NewWithT(t)
	reports := measured(t)
	index := pages(t, beside(reports).With(said(t)), reports)["index.html"]
	_, card, _ := strings.Cut(index, `<article class="card"`)
	_, after, _ := strings.Cut(card, "</h3>")
	g.Expect(strings.TrimSpace(after)).To(gomega.HavePrefix(`<p class="mac"><strong>On a Mac:</strong> Not without an alias: binding it gives EADDRNOTAVAIL, `))
}

// TestAProgramAsksForFreeBSD reads what a program finds at the address of a claim, before and after
// a run on FreeBSD.
func TestAProgramAsksForFreeBSD(t *testing.T) {
	g := gomega.NewWithT(t)
	ask := func(m model.Matrix) (evidence, behaviour, verdict string) {
		var is model.ClaimAnswers
		g.Expect(json.Unmarshal([]byte(pages(t, m, nil)["claims/v4.block.bind.json"]), &is)).To(gomega.Succeed())
		for _, a := range is.Answers {
			if a.Family == "freebsd" && a.Evidence != "none" {
				evidence, behaviour, verdict = string(a.Evidence), a.Behaviour, string(a.Verdict)
			}
		}
		return evidence, behaviour, verdict
	}
	m := beside(nil)
	evidence, behaviour, verdict := ask(m.With(said(t)))
	g.Expect([]string{evidence, behaviour, verdict}).To(gomega.Equal([]string{"documented", "only-127.0.0.1", "unknown"}))
	g.Expect(pages(t, m.With(said(t)), nil)["documented.html"]).To(gomega.ContainSubstring("No measured column is of a version"))

	const id = "freebsd-14.0-vm-amd64"
	m.Platforms = []model.Column{{Platform: model.Platform{ID: id, Family: "freebsd", Title: "FreeBSD 14.0", Version: "14.0-RELEASE"}}}
	m.Cells["v4.block.bind"][id] = &model.Cell{Verdict: claim.Observed, Behaviour: "whole-block"}
	evidence, behaviour, verdict = ask(m.With(said(t)))
	g.Expect([]string{evidence, behaviour, verdict}).To(gomega.Equal([]string{"measured", "whole-block", "observed"}))
	account := pages(t, m.With(said(t)), nil)["documented.html"]
	g.Expect(account).To(gomega.And(gomega.ContainSubstring("Right: 0 of 1."), gomega.ContainSubstring("says only-127.0.0.1, and FreeBSD 14.0 shows whole-block")))
}

// TestWithdrawnIsListed wants a withdrawn answer in the list of the page, with its reason, and its
// mark in the table.
func TestWithdrawnIsListed(t *testing.T) {
	g := gomega.NewWithT(t)
	reports := measured(t)
	m := beside(reports)
	id := m.Platforms[0].ID
	g.Expect(pages(t, m, reports)["index.html"]).NotTo(gomega.ContainSubstring(`id="withdrawn"`))
	m.Cells["v4.block.bind"][id] = &model.Cell{Verdict: claim.Withdrawn, Detail: "it said none: a rule was left"}
	index := pages(t, m, reports)["index.html"]
	_, list, found := strings.Cut(index, `<section id="withdrawn">`)
	g.Expect(found).To(gomega.BeTrue())
	g.Expect(list).To(gomega.ContainSubstring("it said none: a rule was left"))
	g.Expect(index).To(gomega.ContainSubstring("⊘ withdrawn"))
}
