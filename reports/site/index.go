package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// indexPage is the table and what stands around it.
type indexPage struct {
	page
	Matrix    model.Matrix
	Headlines []render.Headline
	Systems   []system
	Families  []rows
	Levels    []claim.Level
	Missing   []render.System // of which no platform was measured
	Said      []render.System // of which something is documented
	Withdrawn []withdrawn     // answers that are known to be wrong
	Mac       template.HTML   // the answer to what most people come with
	Older     []model.Column  // that newer ones have taken the place of
	Sentences sentencesCount
	Width     int // how many columns the table has, folded ones and the claims included
}

// rows are the claims of a family in the table.
type rows struct {
	Family claim.Family
	Rows   []row
}

// row is one claim in the table.
type row struct {
	claim.Claim
	Cells []cell
}

// cell is one cell of the table: of a column, or of all columns of a system when they are folded.
type cell struct {
	Folded    bool   // of all columns of a system
	Member    bool   // of one of several columns of a system
	System    string // the family of its platforms
	Class     string
	Platforms []model.Column
	Answers   []tally // one, unless it is folded and the columns differ
	More      int     // how many further answers the folded columns give
	// Documented says that it is of what is documented, and Said is what is; nothing if that is
	// unknown.
	Documented bool
	Said       []model.Documented
}

// inRow is a cell and the id of its claim.
type inRow struct {
	Claim string
	Cell  cell
}

// tally is an answer and on how many platforms of a system it is seen.
type tally struct {
	Verdict claim.Verdict
	Says    string
	Times   int
}

// mostAnswers is how many different answers a folded cell tells; three lines are as many as a
// question takes beside it.
const mostAnswers = 3

func (b *builder) index() error {
	p := indexPage{
		page: page{Title: "what loopback really does",
			About: "What 127.0.0.0/8, ::1 and localhost really do on Linux, macOS, Windows, the BSDs and others: every claim, measured."},
		Matrix: b.shown, Headlines: render.Headlines(b.matrix), Systems: b.tabled(), Older: b.older, Width: 1,
		Said: render.DocumentedSystems(b.matrix),
	}
	p.Data = "matrix.json"
	p.Mac = template.HTML(render.Mac(b.matrix, anchor)) // #nosec G203: of words of the kit, and links that anchor escapes
	for _, s := range p.Systems {
		p.Width += s.Span()
		if s.Folds() {
			p.Width++
		}
	}
	if len(b.matrix.Wanted) > 0 {
		p.Width++
		p.Missing = b.missing()
	}
	for _, l := range claim.Levels() {
		if slices.ContainsFunc(b.matrix.Claims, func(c claim.Claim) bool { return c.Level == l }) {
			p.Levels = append(p.Levels, l)
		}
	}
	for _, f := range claim.Families() {
		if group := b.rows(f); len(group.Rows) > 0 {
			p.Families = append(p.Families, group)
		}
	}
	p.Withdrawn = b.withdrawn()
	p.Sentences = b.countSentences()
	return b.page("index.html", "index", p)
}

// withdrawn is an answer that is known to be wrong, and the platforms that gave it.
type withdrawn struct {
	claim.Claim
	Reason    string
	Platforms []model.Column
}

// withdrawn lists the withdrawn answers in the order of the catalogue.
func (b *builder) withdrawn() []withdrawn {
	var out []withdrawn
	for _, c := range b.matrix.Claims {
		for _, p := range b.shown.Platforms {
			cell := render.At(b.matrix, c.ID, p.ID)
			if cell.Verdict != claim.Withdrawn {
				continue
			}
			i := slices.IndexFunc(out, func(w withdrawn) bool { return w.ID == c.ID && w.Reason == cell.Detail })
			if i < 0 {
				i = len(out)
				out = append(out, withdrawn{Claim: c, Reason: cell.Detail})
			}
			out[i].Platforms = append(out[i].Platforms, p)
		}
	}
	return out
}

// anchor is a link.
func anchor(text, url string) string {
	return `<a href="` + template.HTMLEscapeString(url) + `">` + template.HTMLEscapeString(text) + `</a>`
}

// missing are the systems that are wanted and of which no platform was measured.
func (b *builder) missing() []render.System {
	var wanted []model.Column
	for _, w := range b.matrix.Wanted {
		if !slices.ContainsFunc(b.systems, func(s system) bool { return s.Family == w.Family }) {
			wanted = append(wanted, model.Column{Platform: model.Platform{Family: w.Family}})
		}
	}
	return render.Systems(wanted)
}

func (b *builder) rows(f claim.Family) rows {
	out, tabled := rows{Family: f}, b.tabled()
	for _, c := range b.matrix.Claims {
		if c.Family != f {
			continue
		}
		r := row{Claim: c}
		for _, s := range tabled {
			if s.Folds() {
				r.Cells = append(r.Cells, b.folded(c, s))
			}
			for _, col := range s.Columns {
				r.Cells = append(r.Cells, b.cell(c, s, col))
			}
			if s.Documented {
				r.Cells = append(r.Cells, cell{System: s.Family, Documented: true, Said: b.matrix.Answer(c.ID, s.Family)})
			}
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

func (b *builder) cell(c claim.Claim, s system, col column) cell {
	in := render.At(b.matrix, c.ID, col.Platforms[0].ID)
	return cell{Member: s.Folds(), System: s.Family, Class: class(in.Verdict), Platforms: col.Platforms,
		Answers: []tally{{in.Verdict, render.Says(in), 1}}}
}

// folded counts the answers of all platforms of a system: first what was seen, then what has no
// behaviour to show, each the most frequent first. Its colour is that of the only thing that was
// seen; if platforms differ, it has none.
func (b *builder) folded(c claim.Claim, s system) cell {
	out := cell{Folded: true, System: s.Family, Class: "x"}
	for _, p := range s.Platforms() {
		in := render.At(b.matrix, c.ID, p.ID)
		t := tally{in.Verdict, render.Says(in), 1}
		i := slices.IndexFunc(out.Answers, func(a tally) bool { return a.Verdict == t.Verdict && a.Says == t.Says })
		if i < 0 {
			out.Answers = append(out.Answers, t)
			continue
		}
		out.Answers[i].Times++
	}
	slices.SortStableFunc(out.Answers, func(x, y tally) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(y.Times, x.Times))
	})
	if len(out.Answers) == 1 || !out.Answers[0].Silent() && out.Answers[1].Silent() {
		out.Class = class(out.Answers[0].Verdict)
	}
	if n := len(out.Answers) - mostAnswers; n > 0 {
		out.Answers, out.More = out.Answers[:mostAnswers], n
	}
	return out
}

// rank orders what a folded cell tells.
func rank(t tally) int {
	if t.Silent() {
		return 1
	}
	return 0
}

// First is the id of the first platform of a cell.
func (c cell) First() string { return c.Platforms[0].ID }

// Rest are its other platforms: they have a permanent anchor as well.
func (c cell) Rest() []model.Column { return c.Platforms[1:] }

// Split says whether the platforms of a folded cell differ.
func (c cell) Split() bool { return len(c.Answers) > 1 }

// Unknown says whether the cell was not measured.
func (c cell) Unknown() bool { return c.Answers[0].Verdict == render.Unknown }

// Silent says whether there is no behaviour to show, so that the verdict alone stands there.
func (t tally) Silent() bool { return !answers(t.Verdict) }

// Title heads a column.
func (c column) Title() string {
	if n := len(c.Platforms) - 1; n > 0 {
		return fmt.Sprintf("%s, and %d more", c.Platforms[0].Title, n)
	}
	return c.Platforms[0].Title
}
