package render

import (
	"fmt"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// HeadlineTable answers what people ask in one table of Markdown: a line for each question, a column for each kind of
// system, also those that are only wanted. Where the platforms of a kind do not agree, a cell says how many give which answer.
func HeadlineTable(m model.Matrix) []byte {
	d := document{view: newView(m)}
	asked, kinds := Headlines(m), Systems(append(d.Platforms, d.unmeasured()...))
	if len(asked) == 0 {
		return nil
	}
	names := []string{"question"}
	for _, k := range kinds {
		names = append(names, escape(k.Name))
	}
	d.line("| %s |", strings.Join(names, " | "))
	d.line("|%s", strings.Repeat(" --- |", len(names)))
	for _, h := range asked {
		row := []string{escape(h.Question)}
		for _, k := range kinds {
			row = append(row, h.in(k))
		}
		d.line("| %s |", strings.Join(row, " | "))
	}
	d.line("")
	d.marks()
	return d.b.Bytes()
}

// in is the cell of a kind of system.
func (h Headline) in(k System) string {
	var out []string
	for _, a := range h.Answers {
		for _, s := range a.Systems {
			if s.System != k {
				continue
			}
			text := mark(a.Verdict) + " " + escape(a.Short)
			if len(s.Same) < s.Of {
				text += fmt.Sprintf(" (on %d of %d)", len(s.Same), s.Of)
			}
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return mark(unknown)
	}
	return strings.Join(out, "<br>")
}
