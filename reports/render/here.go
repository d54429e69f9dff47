package render

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Machine is a machine that was just measured, and what it is compared with.
type Machine struct {
	// Now is a matrix of the machine alone.
	Now model.Matrix
	// Others are the published columns.
	Others model.Matrix
	// Nearest is the id of the one of them that is nearest to the machine, empty if none is of its
	// family.
	Nearest string
	// Chosen says what the machine and that column have in common, and what not.
	Chosen string
}

// Here shows a machine to its user: what people ask, what deviates, what was not run though it can
// be elsewhere, and what the nearest published column answers otherwise.
func Here(m Machine, t Terminal) []byte {
	return paged(t, tested(newView(m.Now)), func(p *page) {
		p.line("%s", p.paint(bolder, "This machine"))
		p.platforms()
		p.replies()
		p.deviations()
		p.whyNot(claim.Withdrawn, "Withdrawn")
		p.whyNot(claim.Inconclusive, "Inconclusive")
		p.notRunHere(tested(newView(m.Others)))
		p.nearest(m)
		p.legend()
	})
}

// Table shows every claim of a matrix side by side, without the reasons of each column.
func Table(m model.Matrix, t Terminal) []byte {
	return paged(t, tested(newView(m)), func(p *page) {
		p.platforms()
		p.grid()
		p.legend()
	})
}

// replies answers what people ask in words.
func (p *page) replies() {
	p.heading("What people ask")
	for _, c := range p.headlines() {
		cell := p.in(c.ID, p.columns[0])
		p.paragraph("", c.Question)
		p.paragraph(fmt.Sprintf("  %s ", p.sign(cell.Verdict)), p.painted(cell, ReplyTo(c, cell)))
	}
}

// painted is a reply whose first words have the colour of its verdict.
func (p *page) painted(cell model.Cell, r Reply) string {
	short := r.Short
	if cell.Unstable != "" {
		short += " (" + cell.Unstable + ")"
	}
	return strings.TrimSuffix(p.paint(colour(cell.Verdict), short)+": "+r.Text, ": ")
}

// notRunHere says why claims were not run that have an answer in another column. What has none
// anywhere is no lack of this machine.
func (p *page) notRunHere(others view) {
	var nowhere []string
	kept := p.view
	p.Claims = nil
	for _, c := range kept.Claims {
		if kept.in(c.ID, kept.columns[0]).Verdict != claim.NotRun {
			continue
		}
		if others.answered(c.ID) {
			p.Claims = append(p.Claims, c)
		} else {
			nowhere = append(nowhere, c.ID)
		}
	}
	p.whyNot(claim.NotRun, "Not run here")
	p.view = kept
	if len(nowhere) > 0 {
		p.line("")
		p.paragraph("", p.paint(fainter, fmt.Sprintf("%s more could not be run here, nor for any published column: %s", claims(len(nowhere)), strings.Join(nowhere, " "))))
	}
}

// answered reports whether any column has an answer to a claim.
func (v view) answered(id string) bool {
	for _, c := range v.columns {
		if shows(v.in(id, c).Verdict) {
			return true
		}
	}
	return false
}

// nearest shows what the nearest published column answers otherwise.
func (p *page) nearest(m Machine) {
	p.heading("What differs from the nearest published column")
	others := tested(newView(m.Others))
	for _, c := range others.Platforms {
		if c.ID == m.Nearest {
			p.differences(c, others, m.Chosen)
			return
		}
	}
	p.paragraph("", fmt.Sprintf("None of the %d published columns is of this family: yours would be the first.", len(others.Platforms)))
}

func (p *page) differences(there model.Column, others view, chosen string) {
	p.line("%s", there.Title)
	p.paragraph("", p.paint(fainter, fmt.Sprintf("%s, measured %s, %s", there.ID, there.Measured.Format("2006-01-02"), circumstances(there.Platform))))
	p.paragraph("", p.paint(fainter, fmt.Sprintf("the nearest of %d: %s", len(others.Platforms), chosen)))
	same := 0
	var onlyHere, onlyThere []string
	for _, c := range p.Claims {
		now, then := p.in(c.ID, p.columns[0]), others.at(c.ID, there.ID)
		switch {
		case !shows(now.Verdict) && !shows(then.Verdict):
		case !shows(then.Verdict):
			onlyHere = append(onlyHere, c.ID)
		case !shows(now.Verdict):
			onlyThere = append(onlyThere, c.ID)
		case says(now) == says(then) && now.Verdict == then.Verdict:
			same++
		default:
			p.line("")
			p.paragraph("", fmt.Sprintf("%s (%s): %s", c.ID, c.Level, c.Question))
			p.side("here ", c, now)
			p.side("there", c, then)
		}
	}
	p.line("")
	p.paragraph("", fmt.Sprintf("The same: %s.", claims(same)))
	p.only("Answered only here", onlyHere)
	p.only("Answered only there", onlyThere)
}

func (p *page) side(where string, c claim.Claim, cell model.Cell) {
	p.paragraph(fmt.Sprintf("  %s %s ", where, p.sign(cell.Verdict)), p.paint(colour(cell.Verdict), says(cell))+": "+means(c, cell))
}

func (p *page) only(title string, ids []string) {
	if len(ids) > 0 {
		p.paragraph("", fmt.Sprintf("%s: %s", title, strings.Join(ids, " ")))
	}
}
