package site

import (
	"encoding/json"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// TestSentences makes sure that the page lists every sentence with its claims, those without a test
// first and with the reason, and that the page of a claim says what asks for it. Without sentences
// there is no such page.
func TestSentences(t *testing.T) {
	g := gomega.NewWithT(t)
	reports := measured(t)
	files := built(t, reports)
	page := string(files["sentences.html"])
	untested := 0
	for _, d := range askedOf(t).Documents {
		for _, s := range d.Sentences {
			if s.Untested != "" {
				untested++
			}
		}
		g.Expect(page).To(gomega.ContainSubstring(d.SHA256), "RFC %d", d.RFC)
	}
	g.Expect(untested).To(gomega.BeNumerically(">", 10))
	g.Expect(page).To(gomega.ContainSubstring("Addresses of this form MUST NOT appear outside a host."))
	g.Expect(page).To(gomega.ContainSubstring("<strong>folklore</strong>"))
	g.Expect(string(files["claims/v4.egress.dst.default.html"])).To(gomega.ContainSubstring(`sentences.html#RFC1122%3a3.2.1.3%28g%29`))
	g.Expect(string(files["index.html"])).To(gomega.ContainSubstring(`<a href="sentences.html">what nobody has tested</a>`))
	var data model.Sentences
	g.Expect(json.Unmarshal(files["sentences.json"], &data)).To(gomega.Succeed())
	g.Expect(data).To(gomega.Equal(askedOf(t)))

	without, err := Build(beside(reports), reports, Options{})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, f := range without {
		g.Expect(f.Path).NotTo(gomega.HavePrefix("sentences"))
	}
}
