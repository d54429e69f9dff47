package render

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// narrowestColumn is the least width of a platform's column: the longest usual behaviours with their mark.
const narrowestColumn = 16

// separator is the width of what stands between two columns.
const separator = 3

// grid shows every claim of several columns in tables, as many beside each other as the terminal holds.
func (p *page) grid() {
	first := len("not judged")
	for _, c := range p.Claims {
		first = max(first, len(c.ID))
	}
	each := max((p.Width-first)/(narrowestColumn+separator), 1)
	for from := 0; from < len(p.columns); from += each {
		some := p.columns[from:min(from+each, len(p.columns))]
		width := (p.Width-first)/max(min(each, len(p.columns)), 1) - separator
		p.heading("%s", letters(some))
		p.block(some, width)
	}
}

// block is one table: a heading for each column, how it conforms, and a section for each family.
func (p *page) block(some []column, width int) {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateColumns: true, SeparateHeader: true, DoNotColorBordersAndSeparators: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = " ", " "
	t.SetStyle(style)
	head := table.Row{"claim"}
	configs := []table.ColumnConfig{{Number: 1, AlignHeader: text.AlignLeft}}
	for i, c := range some {
		head = append(head, c.letter+"  "+c.title())
		configs = append(configs, table.ColumnConfig{Number: i + 2, WidthMin: width, WidthMax: width, WidthMaxEnforcer: text.WrapSoft})
	}
	t.AppendHeader(head)
	t.SetColumnConfigs(configs)
	for _, s := range strengths() {
		p.row(t, s, some, func(c column) string { return p.tally(s, c) })
	}
	for _, f := range p.families() {
		t.AppendRow(table.Row{""})
		t.AppendRow(table.Row{p.paint("\x1b[1m", strings.ToUpper(string(f.name)))})
		for _, c := range f.claims {
			p.row(t, c.ID, some, func(col column) string { return p.cell(c, col) })
		}
	}
	for l := range strings.Lines(t.Render()) {
		p.line("%s", strings.TrimPrefix(strings.TrimRight(l, "\n"), " "))
	}
}

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
