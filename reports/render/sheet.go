package render

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// widestWord is how wide the column of behaviours may get in a sheet; a longer word pushes its
// explanation to the right.
const widestWord = 24

// narrowestWhy is the least width in which an explanation reads well; with less it gets lines of
// its own.
const narrowestWhy = 24

// sheet lists every claim of a single column with an explanation, family by family.
func (p *page) sheet() {
	col := p.columns[0]
	p.heading("How it conforms")
	for _, s := range strengths() {
		if n := p.count(s, col); len(n) > 0 {
			p.line("  %-10s  %s", s, p.words(n))
		}
	}
	ids, words := 0, 0
	for _, c := range p.Claims {
		ids = max(ids, len(c.ID))
		words = max(words, width(says(p.in(c.ID, col))))
	}
	words = min(words, widestWord)
	for _, f := range p.families() {
		p.heading("%s: %s", f.name, f.title())
		for _, c := range f.claims {
			p.entry(c, p.in(c.ID, col), ids, words)
		}
	}
}

// entry is one claim of a sheet: mark, id, behaviour, explanation.
func (p *page) entry(c claim.Claim, cell model.Cell, ids, words int) {
	said := says(cell)
	pad := strings.Repeat(" ", max(words-width(said), 0))
	lead := fmt.Sprintf("%s %-*s  %s%s  ", p.sign(cell.Verdict), ids, c.ID, p.paint(colour(cell.Verdict), said), pad)
	why := cell.Detail
	if cell.Behaviour == "" && cell.Verdict != unknown {
		why = "" // listed below, once for all claims with the same reason
	}
	if why == "" {
		p.line("%s", strings.TrimRight(lead, " "))
		return
	}
	if p.Width-width(lead) < narrowestWhy {
		p.line("%s", lead)
		lead = "    "
	}
	p.paragraph(lead, why)
}

// words writes out how many claims have which verdict.
func (p *page) words(counts map[claim.Verdict]int) string {
	var out []string
	for _, v := range counted() {
		if n := counts[v]; n > 0 {
			short, _, _ := strings.Cut(strings.NewReplacer(",", ":").Replace(legend(v)), ":")
			out = append(out, p.sign(v)+" "+p.paint(colour(v), fmt.Sprintf("%d %s", n, short)))
		}
	}
	return strings.Join(out, "   ")
}
