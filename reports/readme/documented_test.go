package readme

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestEveryHeadlineIsAnswered wants, for each question and each system that people look for, a
// measurement, a document, or the reason why there is not even that.
func TestEveryHeadlineIsAnswered(t *testing.T) {
	g := gomega.NewWithT(t)
	m, err := Matrix(reports(t), claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, h := range render.Headlines(m) {
		for _, system := range []string{"linux", "macos", "windows", "freebsd", "openbsd", "netbsd"} {
			answers := 0
			for _, a := range h.Answers {
				for _, s := range a.Systems {
					if s.Family == system && a.Verdict != claim.NotRun && a.Verdict != claim.Inconclusive {
						answers++
					}
				}
			}
			for _, k := range h.Documented {
				if k.Family == system {
					answers++
				}
			}
			for _, u := range h.Unanswered {
				if u.System == system {
					answers++
				}
			}
			g.Expect(answers).To(gomega.BeNumerically(">", 0), h.ID+" on "+system)
		}
	}
}

// TestDocumentedAgreesEverywhere looks for each documented answer to a headline in README, Markdown
// and text.
func TestDocumentedAgreesEverywhere(t *testing.T) {
	g := gomega.NewWithT(t)
	m, err := Matrix(reports(t), claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	front, err := os.ReadFile("../../README.md")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var text, markdown bytes.Buffer
	render.Text(&text, m, render.Terminal{Width: 1000})
	render.Markdown(&markdown, m)
	compared := 0
	for _, h := range render.Headlines(m) {
		for _, k := range h.Documented {
			g.Expect(string(front)).To(gomega.ContainSubstring("≈ "+render.Escape(k.Short)+" (documented: "+render.Link(render.Versions(k.Entry), render.Proof(k.Entry))), h.ID)
			g.Expect(markdown.String()).To(gomega.ContainSubstring("≈ **"+render.Escape(k.Entry.Behaviour)+"**"), h.ID)
			g.Expect(text.String()).To(gomega.ContainSubstring("≈ "+k.Entry.Behaviour+": "), h.ID)
			g.Expect(text.String()).To(gomega.ContainSubstring(k.Says()), h.ID)
			compared++
		}
	}
	g.Expect(compared).To(gomega.BeNumerically(">", 50))
	m.Documented.Entries = nil
	text.Reset()
	render.Text(&text, m, render.Terminal{Width: 1000})
	g.Expect(strings.Contains(text.String(), "≈")).To(gomega.BeFalse(), "--documented=off")
}
