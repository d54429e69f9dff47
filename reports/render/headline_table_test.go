package render

import (
	"bytes"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestHeadlineTableGolden(t *testing.T) {
	m := sample()
	m.Wanted = []model.Wanted{{Family: "haiku", Title: "Haiku"}, {Family: "freebsd", Title: "FreeBSD | 16"}}
	golden(t, "headlines.md", HeadlineTable(m))
}

func TestHeadlineTable(t *testing.T) {
	g := gomega.NewWithT(t)
	m := sample(0, 1)
	m.Platforms[1].Family = m.Platforms[0].Family
	for _, c := range m.Claims {
		if c.Headline {
			m.Cells[c.ID][m.Platforms[0].ID] = &model.Cell{Verdict: claim.Observed, Behaviour: "one | way"}
			m.Cells[c.ID][m.Platforms[1].ID] = &model.Cell{Verdict: claim.Observed, Behaviour: "another"}
		}
	}
	g.Expect(string(HeadlineTable(m))).To(gomega.ContainSubstring(`| · one \| way (on 1 of 2)<br>· another (on 1 of 2) |`))
	for i := range m.Claims {
		m.Claims[i].Headline = false
	}
	g.Expect(HeadlineTable(m)).To(gomega.BeEmpty())
}

// TestDetails proves that nothing but the questions is left out.
func TestDetails(t *testing.T) {
	g := gomega.NewWithT(t)
	before, questions, found := bytes.Cut(markdownOf(sample()), []byte("## What people ask\n"))
	g.Expect(found).To(gomega.BeTrue())
	_, after, found := bytes.Cut(questions, []byte("## What deviates\n"))
	g.Expect(found).To(gomega.BeTrue())
	var details bytes.Buffer
	Details(&details, sample())
	g.Expect(details.String()).To(gomega.Equal(string(before) + "## What deviates\n" + string(after)))
}

// TestFenced keeps a text in its block: nothing in it ends the block, begins a line or acts on a
// terminal.
func TestFenced(t *testing.T) {
	g := gomega.NewWithT(t)
	b := Fenced([]string{"connect(s1) = 0", "a\n```\n# b \x1b[31m", "```"})
	g.Expect(bytes.Count([]byte(b), []byte("```"))).To(gomega.Equal(2), b)
	g.Expect(b).To(gomega.And(gomega.HavePrefix("```\nconnect(s1) = 0\n"), gomega.HaveSuffix("\n```\n")))
	g.Expect(b).NotTo(gomega.ContainSubstring("\x1b"))
	g.Expect(bytes.Count([]byte(b), []byte("\n"))).To(gomega.Equal(5))
}
