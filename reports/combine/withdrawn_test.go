package combine

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestWithdrawn looks at the cells of a published report with errata: none of them has a behaviour,
// and the rest stays.
func TestWithdrawn(t *testing.T) {
	g := gomega.NewWithT(t)
	r, err := model.Read("../published/netbsd-9.1-vm-amd64-root.json", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	m, err := Combine([]model.Report{Rejudge(r, claim.Catalogue())}, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	cell := func(id string) model.Cell {
		c, _ := m.Cell(id, r.Platform.ID)
		return c
	}
	closed := cell("v4.closed.refused")
	g.Expect(closed.Verdict).To(gomega.Equal(claim.Withdrawn))
	g.Expect(closed.Behaviour).To(gomega.BeEmpty())
	g.Expect(closed.Detail).To(gomega.HavePrefix("it said partial: The kit dialled a port that it held bound"))
	g.Expect(cell("v4.block.bind").Behaviour).To(gomega.Equal("only-127.0.0.1"))

	r.Kit.Version = "v0.2.0"
	m, err = Combine([]model.Report{Rejudge(r, claim.Catalogue())}, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(cell("v4.closed.refused").Behaviour).To(gomega.Equal("partial"), "another kit's answer stands")
}
