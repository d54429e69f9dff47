package suites_test

import (
	"slices"
	"testing"

	"github.com/onsi/gomega"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// TestIDsArePermanent compares what the families declare with ids.txt: nothing is missing, nothing is there that is not
// listed, and no family or level has changed.
func TestIDsArePermanent(t *testing.T) {
	g := gomega.NewWithT(t)
	var declared []claim.GoldenID
	for _, e := range claim.Catalogue() {
		declared = append(declared, claim.GoldenID{ID: e.ID, Family: e.Family, Level: e.Level})
	}
	g.Expect(claim.Golden()).To(gomega.HaveLen(130))
	for _, id := range claim.Golden() {
		g.Expect(slices.Contains(declared, id)).To(gomega.BeTrue(), "%v is listed and not declared so", id)
	}
	for _, id := range declared {
		g.Expect(slices.Contains(claim.Golden(), id)).To(gomega.BeTrue(), "%v is declared and not listed so; add a line to ids.txt", id)
	}
	g.Expect(declared).To(gomega.HaveLen(len(claim.Golden())))
}

func TestHeadlines(t *testing.T) {
	g := gomega.NewWithT(t)
	n := 0
	for _, e := range claim.Catalogue() {
		if e.Headline {
			n++
		}
	}
	g.Expect(n).To(gomega.BeNumerically("~", 12, 4), "a page of questions and answers")
}
