package render

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Terminal is what a text is made for.
type Terminal struct {
	// Width is in columns; 0 means 80, and less than 60 is taken as 60.
	Width int
	// Colour adds escape sequences. No meaning depends on it.
	Colour bool
	// ASCII keeps to marks and lines of ASCII.
	ASCII bool
}

// The widths without which lines of a table break in the middle of words, and the usual width of a
// terminal.
const (
	narrowest  = 60
	usualWidth = 80
)

// Text shows a matrix on a terminal: the questions that people ask and their answers, what
// deviates, every claim, and why some have no answer. One platform becomes a list with
// explanations, several become tables, which fold to the width of the terminal. It is written as it
// is made; what w can't take is for w to tell at the end, as a bufio.Writer does.
func Text(w io.Writer, m model.Matrix, t Terminal) {
	p := page{t.fitted(), tested(newView(m)), w}
	p.platforms()
	p.questions()
	p.deviations()
	switch len(p.columns) {
	case 0:
	case 1:
		p.sheet()
	default:
		p.grid()
	}
	p.whyNot(claim.Withdrawn, "Withdrawn")
	p.whyNot(claim.Inconclusive, "Inconclusive")
	p.whyNot(claim.NotRun, "Not run")
	p.recorded(m)
	p.legend()
}

// paged gives a text that is short.
func paged(t Terminal, v view, fill func(*page)) []byte {
	var b bytes.Buffer
	fill(&page{t.fitted(), v, &b})
	return b.Bytes()
}

// fitted is the terminal with a width that a table can have.
func (t Terminal) fitted() Terminal {
	if t.Width == 0 {
		t.Width = usualWidth
	}
	t.Width = max(t.Width, narrowest)
	return t
}

// tested is a view without the claims that are recorded and never tested: they say nothing about a
// platform.
func tested(v view) view {
	v.Claims = slices.DeleteFunc(slices.Clone(v.Claims), func(c claim.Claim) bool { return c.Exempt != "" })
	return v
}

// recorded names the claims that are tested nowhere.
func (p *page) recorded(m model.Matrix) {
	var ids []string
	for _, c := range m.Claims {
		if c.Exempt != "" {
			ids = append(ids, cleanText(c.ID))
		}
	}
	if len(ids) > 0 {
		p.line("")
		p.paragraph("", p.paint(fainter, "Recorded, and tested nowhere: "+strings.Join(ids, " ")))
	}
}

// page is a text under way.
type page struct {
	Terminal
	view
	to io.Writer
}

func (p *page) line(format string, args ...any) { p.Line(p.to, fmt.Sprintf(format, args...)) }

// Line writes a line, in ASCII if the terminal knows no more. Errors of to are left to it.
func (t Terminal) Line(to io.Writer, l string) {
	l = strings.TrimRight(l, " ") + "\n"
	if t.ASCII {
		l = ascii(l)
	}
	_, _ = io.WriteString(to, l)
}

// heading is a line above a section.
func (p *page) heading(format string, args ...any) {
	p.line("")
	p.line("%s", p.paint(bolder, fmt.Sprintf(format, args...)))
}

// paragraph wraps a text; its first line begins with lead, the others are indented as far.
func (p *page) paragraph(lead, words string) { p.Paragraph(p.to, lead, words) }

// Paragraph writes words in lines of this terminal's width: the first begins with lead, the others
// are indented as far. Errors of to are left to it.
func (t Terminal) Paragraph(to io.Writer, lead, words string) {
	indent := width(lead)
	for _, l := range wrap(words, t.fitted().Width-indent) {
		t.Line(to, lead+l)
		lead = strings.Repeat(" ", indent)
	}
}

// width is how many columns of a terminal a text takes.
func width(s string) int { return text.StringWidthWithoutEscSequences(s) }

// wrap breaks a text into lines between its words; a word that is wider than a line is broken.
// Escape sequences take no room: a text is broken at the same places with and without colours
// (text.WrapSoft breaks some earlier).
func wrap(s string, columns int) []string {
	lines, taken := []string{""}, 0 // columns of the last one
	for _, word := range strings.Fields(s) {
		last, wide := &lines[len(lines)-1], width(word)
		switch {
		case *last == "":
			*last, taken = word, wide
		case taken+1+wide <= columns:
			*last += " " + word
			taken += 1 + wide
		default:
			lines, taken = append(lines, word), wide
		}
		if taken > columns {
			parts := strings.Split(text.WrapHard(lines[len(lines)-1], columns), "\n")
			lines = append(lines[:len(lines)-1], parts...)
			taken = width(parts[len(parts)-1])
		}
	}
	return lines
}

// paint colours a text, each word for itself, so that it can be wrapped afterwards.
func (p *page) paint(sequence, s string) string {
	if !p.Colour {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if w != "" {
			words[i] = sequence + w + text.EscapeReset
		}
	}
	return strings.Join(words, " ")
}

// sign is the painted mark of a verdict.
func (p *page) sign(v claim.Verdict) string { return p.paint(colour(v), p.Mark(v)) }

// platforms says what was measured, when, and as whom.
func (p *page) platforms() {
	if len(p.columns) == 0 {
		p.line("No platform has been measured; every claim is unknown.")
		return
	}
	for _, c := range p.columns {
		for i, f := range c.platforms {
			lead := ""
			switch {
			case len(p.columns) > 1 && i == 0:
				lead = fmt.Sprintf("%-3s", c.letter)
			case len(p.columns) > 1:
				lead = "   " // agrees with the one above
			}
			p.line("%s%s", lead, p.paint(bolder, f.Title))
			if !c.measured() {
				p.paragraph(strings.Repeat(" ", len(lead)), p.paint(fainter, "nobody has measured it"))
				continue
			}
			facts := fmt.Sprintf("%s, measured %s, %s", f.ID, f.Measured.Format("2006-01-02"), circumstances(f.Platform))
			p.paragraph(strings.Repeat(" ", len(lead)), p.paint(fainter, facts))
		}
	}
}

// circumstances says what decides how much could be measured.
func circumstances(f model.Platform) string {
	privilege := "unprivileged"
	if f.Privileged {
		privilege = "privileged"
	}
	if f.Wire == "" || f.Wire == "none" {
		return privilege + ", no wire"
	}
	return privilege + ", wire: " + f.Wire
}

// questions answers what people ask.
func (p *page) questions() {
	asked := p.headlines()
	if len(asked) == 0 || len(p.columns) == 0 {
		return
	}
	p.heading("What people ask")
	for _, c := range asked {
		p.paragraph("", c.Question)
		for _, a := range p.answers(c) {
			p.paragraph(fmt.Sprintf("  %s ", p.sign(a.Verdict)), p.paint(colour(a.Verdict), says(a.Cell))+": "+means(c, a.Cell))
			p.on(a.columns)
		}
		for _, same := range Alike(known(p.Matrix, c)) {
			word := same[0].Entry.Behaviour
			p.paragraph(fmt.Sprintf("  %s ", p.paint(fainter, p.approximately())), word+": "+meaning(c, word))
			says := make([]string, len(same))
			for i, k := range same {
				says[i] = k.Says()
			}
			p.paragraph("    ", p.paint(fainter, strings.Join(says, "; ")))
		}
	}
}

// approximately is the mark of what is documented.
func (p *page) approximately() string { return p.EvidenceMark("documented", "") }

// on names the platforms that an answer holds for, where there are several.
func (p *page) on(columns []column) {
	if len(p.columns) > 1 {
		p.paragraph("    ", p.paint(fainter, p.titles(columns)))
	}
}

// deviations lists what is not as its source asks.
func (p *page) deviations() {
	wrong := p.deviating()
	if len(wrong) == 0 {
		return
	}
	p.heading("What deviates")
	for _, c := range wrong {
		p.paragraph(p.sign(claim.Deviates)+" ", fmt.Sprintf("%s (%s, %s): %s", c.ID, c.Level, source(c), c.Sentence))
		for _, a := range p.answers(c) {
			if a.Verdict != claim.Deviates {
				continue
			}
			p.paragraph("  ", p.paint(colour(a.Verdict), says(a.Cell))+": "+means(c, a.Cell))
			p.on(a.columns)
		}
	}
}

// whyNot lists the reasons for which claims have no behaviour, each once.
func (p *page) whyNot(v claim.Verdict, title string) {
	reasons := p.reasons(v)
	if len(reasons) == 0 {
		return
	}
	p.heading("%s", title)
	for _, r := range reasons {
		where := ""
		switch {
		case len(p.columns) > 1 && len(r.columns) == len(p.columns):
			where = " on every platform"
		case len(p.columns) > 1:
			where = " in " + letters(r.columns)
		}
		p.paragraph(p.sign(v)+" ", fmt.Sprintf("%s: %s%s", r.text, claims(len(r.claims)), where))
		p.paragraph("  ", p.paint(fainter, strings.Join(r.claims, " ")))
	}
}

// claims is a number of claims.
func claims(n int) string {
	if n == 1 {
		return "1 claim"
	}
	return fmt.Sprintf("%d claims", n)
}

func (p *page) legend() {
	p.line("")
	line := ""
	for _, v := range p.explained() {
		item := p.sign(v) + " " + legend(v)
		if line != "" && width(line+"   "+item) > p.Width {
			p.line("%s", line)
			line = ""
		}
		line = strings.TrimLeft(line+"   "+item, " ")
	}
	p.line("%s", line)
	if len(p.Documented.Entries) > 0 {
		p.paragraph("", p.approximately()+" documented and not measured; loopmatrix claims ID --platforms has the proofs")
	}
	if p.unstable() {
		p.paragraph("", "(3 of 5): unstable, only so many runs gave this answer")
	}
}

// tally writes how many claims have which verdict: "✓12 ✗1 –30".
func (p *page) tally(of string, c column) string {
	var out []string
	counts := p.count(of, c)
	for _, v := range counted() {
		if counts[v] > 0 {
			out = append(out, p.sign(v)+p.paint(colour(v), fmt.Sprint(counts[v])))
		}
	}
	return strings.Join(out, " ")
}

// ascii writes the few characters beyond ASCII that a text of ours holds in others; what came from
// elsewhere becomes "?".
func ascii(s string) string {
	s = strings.NewReplacer("≈", "~", "⊘", "0", "✓", "+", "✗", "X", "·", ".", "–", "-", "…", "...", "→", "->", "│", "|", "─", "-", "┼", "+").Replace(s)
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, s)
}
