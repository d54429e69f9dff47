package documented_test

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/documented"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestAll(t *testing.T) {
	g := gomega.NewWithT(t)
	all, err := documented.All(claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(len(all.Entries)).To(gomega.BeNumerically(">", 300))
}
