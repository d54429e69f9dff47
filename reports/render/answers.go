package render

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// ClaimAnswers is what the platforms of a matrix answer to one claim.
type ClaimAnswers struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// Question is what a user would ask.
	Question string `json:"question"`
	// Level says how strongly its source asks for it.
	Level claim.Level `json:"level"`
	// Platforms are the platforms in the order of the matrix.
	Platforms []PlatformAnswer `json:"platforms"`
	// Documented is what is documented about systems that were not measured.
	Documented []model.Documented `json:"documented,omitempty"`
}

// PlatformAnswer is what one platform answers to a claim.
type PlatformAnswer struct {
	// Platform is its id.
	Platform string `json:"platform"`
	// Title is its name for people.
	Title string `json:"title"`
	// Measured is the day on which the run began, in UTC.
	Measured string `json:"measured"`
	// Mark is the sign of the verdict.
	Mark string `json:"mark"`
	// Verdict is the judgement; "unknown" if it was not measured.
	Verdict claim.Verdict `json:"verdict"`
	// Behaviour is the short word; empty if there is none.
	Behaviour string `json:"behaviour,omitempty"`
	// Unstable is "k of n" if not all runs gave the same.
	Unstable string `json:"unstable,omitempty"`
	// Reason says what the behaviour was read from, or why there is none.
	Reason string `json:"reason,omitempty"`
}

// AnswersTo returns what the platforms of a matrix answer to a claim.
func AnswersTo(m model.Matrix, c claim.Claim) ClaimAnswers {
	v := view{Matrix: Clean(m)}
	out := ClaimAnswers{Claim: c.ID, Question: c.Question, Level: c.Level, Platforms: []PlatformAnswer{}}
	for _, p := range v.Platforms {
		cell := v.at(c.ID, p.ID)
		out.Platforms = append(out.Platforms, PlatformAnswer{Platform: p.ID, Title: p.Title, Measured: p.Measured.Format("2006-01-02"),
			Mark: mark(cell.Verdict), Verdict: cell.Verdict, Behaviour: cell.Behaviour, Unstable: cell.Unstable, Reason: cell.Detail})
	}
	for _, k := range Entries(m, c.ID) {
		out.Documented = append(out.Documented, k.Entry)
	}
	return out
}

// AnswersText shows what the platforms of a matrix answer to a claim on a terminal: mark, platform,
// word, day, and the reason below.
func AnswersText(m model.Matrix, c claim.Claim, t Terminal) []byte {
	return paged(t, view{Matrix: Clean(m)}, func(p *page) {
		p.paragraph("", p.paint(bolder, c.ID)+fmt.Sprintf(" (%s, %s)", c.Level, source(c)))
		p.paragraph("", c.Question)
		p.line("")
		for _, column := range p.Platforms {
			cell := p.at(c.ID, column.ID)
			p.paragraph(p.sign(cell.Verdict)+" ", fmt.Sprintf("%s: %s, measured %s", column.ID, p.paint(colour(cell.Verdict), says(cell)), column.Measured.Format("2006-01-02")))
			if cell.Detail != "" {
				p.paragraph("    ", p.paint(fainter, cell.Detail))
			}
		}
		for _, k := range Entries(m, c.ID) {
			p.paragraph(p.approximately()+" ", fmt.Sprintf("%s: %s, %s", k.Family, k.Entry.Behaviour, k.Says()))
			if k.Entry.Condition != "" {
				p.paragraph("    ", "if "+k.Entry.Condition)
			}
			p.paragraph("    ", p.paint(fainter, k.Entry.Note))
			p.paragraph("    ", p.paint(fainter, Proof(k.Entry)))
		}
		p.legend()
	})
}
