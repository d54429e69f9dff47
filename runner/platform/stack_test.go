package platform

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// TestStack names a stack by its greeting, whatever that says.
func TestStack(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, c := range []struct{ name, release, title, id string }{
		{"lwIP", "2.2.1", "lwIP 2.2.1", "stack-lwip-2.2.1-"},
		{"lwIP", "", "lwIP", "stack-lwip-"},
		{"../../É", "\"", "../../É \"", "stack-"},
	} {
		p := Stack(c.name, c.release)
		g.Expect(p.Title).To(gomega.HavePrefix(c.title))
		g.Expect(p.ID).To(gomega.HavePrefix(c.id))
		g.Expect(model.ValidPlatformID(p.ID)).To(gomega.BeTrue(), p.ID)
		g.Expect(p.Family).To(gomega.Equal("stack"))
	}
}
