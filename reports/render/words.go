package render

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// The words and marks that all renderings share, for package site.

// Unknown stands where nothing was measured. It is no verdict: it is never stored.
const Unknown = unknown

// Verdicts lists the verdicts, and Unknown, in the order in which they are counted and explained.
func Verdicts() []claim.Verdict { return counted() }

// Mark is a sign for a verdict that needs no colour.
func Mark(v claim.Verdict) string { return mark(v) }

// Mark is the sign for a verdict that this terminal shows.
func (t Terminal) Mark(v claim.Verdict) string {
	if t.ASCII {
		return plainMark(v)
	}
	return mark(v)
}

// EvidenceMark is the sign for an answer: that of its verdict, if it was measured, or that of what
// is documented.
func (t Terminal) EvidenceMark(e model.Evidenced, v claim.Verdict) string {
	switch {
	case e != "documented":
		return t.Mark(v)
	case t.ASCII:
		return "~"
	default:
		return DocumentedMark
	}
}

// Says is the text of a cell without its mark: the behaviour, or why there is none in a word.
func Says(c model.Cell) string { return says(c) }

// At is the cell of a claim on a platform; what was not measured is Unknown.
func At(m model.Matrix, claim, platform string) model.Cell {
	return view{Matrix: m}.at(claim, platform)
}

// FamilyTitle says in a few words what the claims of a family are about.
func FamilyTitle(f claim.Family) string { return family{name: f}.title() }

// Cite names the first document of a claim, or folklore.
func Cite(c claim.Claim) string { return source(c) }

// Fingerprint is equal for two platforms of a matrix that agree in every cell; see column.
func Fingerprint(m model.Matrix, platform string) string {
	return view{Matrix: m}.fingerprint(platform)
}
