package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// The width of a platform's column is that of the longest behaviour with its mark, within these
// bounds: below the first a heading is hard to read, above the second a word is broken rather than
// a column lost.
const (
	narrowestColumn = 14
	widestColumn    = 22
)

// separator is the width of what stands between two columns.
const separator = 3

// grid shows every claim of several columns in tables, as many columns beside each other as the
// terminal holds.
func (p *page) grid() {
	p.heading("Claim by claim")
	first, widest := len("not judged"), narrowestColumn
	for _, c := range p.Claims {
		first = max(first, len(c.ID))
		for _, col := range p.columns {
			widest = max(widest, len("x ")+width(says(p.in(c.ID, col))))
		}
	}
	widest = min(widest, widestColumn)
	room := p.Width - first - 1 // a table ends in a blank
	fit := max(room/(widest+separator), 1)
	blocks := (len(p.columns) + fit - 1) / fit
	each := (len(p.columns) + blocks - 1) / blocks // 5 columns of which 4 fit become 3 and 2, not 4 and 1
	for from := 0; from < len(p.columns); from += each {
		p.line("")
		p.block(p.columns[from:min(from+each, len(p.columns))], room/each-separator)
	}
}

// block is one table: a heading for each column, how it conforms, and a section for each family.
func (p *page) block(some []column, columns int) {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateColumns: true, SeparateHeader: true, DoNotColorBordersAndSeparators: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = " ", " "
	t.SetStyle(style)
	head := table.Row{"claim"}
	configs := []table.ColumnConfig{{Number: 1, AlignHeader: text.AlignLeft}}
	for i, c := range some {
		head = append(head, c.letter+" "+c.title())
		configs = append(configs, table.ColumnConfig{Number: i + 2, WidthMin: columns, WidthMax: columns, WidthMaxEnforcer: folded})
	}
	t.AppendHeader(head)
	t.SetColumnConfigs(configs)
	for _, s := range strengths() {
		p.row(t, s, some, func(c column) string { return p.tally(s, c) })
	}
	for _, f := range p.families() {
		t.AppendRow(table.Row{""})
		t.AppendRow(table.Row{p.paint(bolder, strings.ToUpper(string(f.name)))})
		for _, c := range f.claims {
			p.row(t, c.ID, some, func(col column) string { return p.cell(c, col) })
		}
	}
	for l := range strings.Lines(t.Render()) {
		l = strings.TrimRight(l, "\n")
		_, padding := utf8.DecodeRuneInString(l) // of the first column; a line of text has none
		p.line("%s", l[padding:])
	}
}

// folded is a cell that is wrapped.
func folded(s string, columns int) string { return strings.Join(wrap(s, columns), "\n") }

func (p *page) row(t table.Writer, name string, some []column, say func(column) string) {
	row := table.Row{name}
	for _, c := range some {
		row = append(row, say(c))
	}
	t.AppendRow(row)
}

func (p *page) cell(c claim.Claim, col column) string {
	cell := p.in(c.ID, col)
	return fmt.Sprintf("%s %s", p.sign(cell.Verdict), p.paint(colour(cell.Verdict), says(cell)))
}
