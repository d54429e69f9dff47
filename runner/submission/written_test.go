package submission

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestDocumentationIsChecked takes a published file of documentation, and breaks it.
func TestDocumentationIsChecked(t *testing.T) {
	g := gomega.NewWithT(t)
	const published = "../../reports/documented/netbsd.json"
	c := Check(published, claim.Catalogue())
	g.Expect(c.Fit()).To(gomega.BeTrue(), "%v", c.Wrong)
	g.Expect(c.Holds).To(gomega.HaveSuffix(" documented entries"))
	text, err := os.ReadFile(published)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for name, is := range map[string]struct{ file, from, to, problem string }{
		"another file":     {"freebsd.json", "", "", "entries[0] is on netbsd, which has a file of its own: netbsd.json"},
		"an unknown word":  {"netbsd.json", `"only-127.0.0.1"`, `"just-127.0.0.1"`, `can't show "just-127.0.0.1"`},
		"no https":         {"netbsd.json", `"https://`, `"http://`, "is no address that begins with https://"},
		"a misspelt field": {"netbsd.json", `"confidence"`, `"confidense"`, "has no such field here"},
	} {
		path := filepath.Join(t.TempDir(), is.file)
		g.Expect(os.WriteFile(path, []byte(strings.Replace(string(text), is.from, is.to, 1)), 0o600)).To(gomega.Succeed())
		c := Check(path, claim.Catalogue())
		g.Expect(c.Valid()).To(gomega.BeFalse(), name)
		g.Expect(c.Wrong[0].Error()).To(gomega.ContainSubstring(is.problem), name)
	}
}
