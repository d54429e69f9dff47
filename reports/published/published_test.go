package published

import (
	"path"
	"testing"

	"github.com/onsi/gomega"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// TestPublishedReports checks that every published report is valid, complete, and named after its platform.
func TestPublishedReports(t *testing.T) {
	g := gomega.NewWithT(t)
	reports, err := Reports(claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, r := range reports {
		g.Expect(r.Check(claim.Catalogue())).To(gomega.Succeed())
		g.Expect(path.Base(r.File)).To(gomega.Equal(r.Platform.ID + ".json"))
	}
}
