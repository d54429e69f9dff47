package claim

import (
	"testing"

	"github.com/onsi/gomega"
)

func TestVerdictsOnlyGetWorse(t *testing.T) {
	g := gomega.NewWithT(t)
	order := []Verdict{NotRun, Observed, Conforms, Deviates, Inconclusive, Withdrawn}
	g.Expect(Verdicts()).To(gomega.Equal(order))
	for i, a := range order {
		g.Expect(a.Rank()).To(gomega.Equal(i))
		for j, b := range order {
			g.Expect(a.Worse(b)).To(gomega.Equal(order[max(i, j)]))
		}
	}
	g.Expect(Verdict("maybe").Rank()).To(gomega.Equal(-1))
	g.Expect(NotRun.Worse("maybe")).To(gomega.Equal(NotRun))
}

func TestVerdictsAreCopies(t *testing.T) {
	g := gomega.NewWithT(t)
	Verdicts()[0] = "x"
	g.Expect(Verdicts()[0]).To(gomega.Equal(NotRun))
}
