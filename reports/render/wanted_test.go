package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func wanted() model.Matrix {
	m := sample(0, 4)
	m.Wanted = []model.Wanted{{Family: "haiku", Title: "Haiku"}, {Family: "illumos", Title: "OmniOS | r151"}}
	return m
}

func TestWantedGolden(t *testing.T) {
	golden(t, "wanted.md", markdownOf(wanted()))
	golden(t, "wanted.txt", textOf(wanted(), Terminal{Width: 100}))
}

// TestWantedIsUnknown makes sure that a platform which nobody measured has neither a yes nor a no,
// and takes nothing from those that are measured.
func TestWantedIsUnknown(t *testing.T) {
	g := gomega.NewWithT(t)
	m := wanted()
	b, err := csvOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, title := range []string{"Haiku", "OmniOS | r151"} {
		g.Expect(bytes.Count(b, []byte(",,"+title+",,unknown,,,"))).To(gomega.Equal(len(m.Claims)), title)
	}
	v := newView(m)
	g.Expect(v.columns).To(gomega.HaveLen(3))
	g.Expect(v.titles(v.columns[:2])).To(gomega.Equal("every platform that was measured"))
	g.Expect(v.titles(v.columns[1:])).NotTo(gomega.ContainSubstring("every"))
	again, err := jsonOf(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(model.DecodeMatrix(bytes.NewReader(again), "m.json")).To(gomega.Equal(Clean(m)))
}

// TestOnlyWanted is a table before anybody measured anything.
func TestOnlyWanted(t *testing.T) {
	g := gomega.NewWithT(t)
	m := wanted()
	m.Platforms, m.Cells = nil, nil
	for name, b := range map[string][]byte{"text": textOf(m, Terminal{Width: 100}), "markdown": markdownOf(m)} {
		before, _, _ := strings.Cut(string(b), "✓ conforms") // the legend
		g.Expect(before).To(gomega.ContainSubstring("Haiku"), name)
		g.Expect(before).NotTo(gomega.MatchRegexp("[✓✗–] "), name)
	}
}

func TestMeasuredBothWays(t *testing.T) {
	gomega.NewWithT(t).Expect(paired([]string{"A", "A, as root", "B", "C, as root"})).
		To(gomega.Equal([]string{"A, as user and root", "B", "C, as root"}))
}
