package render

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// JSON writes the matrix itself, with its texts cleaned (Clean).
func JSON(w io.Writer, m model.Matrix) error { return model.EncodeTo(w, Clean(m)) }

// CSV writes a line for every claim and platform (RFC 4180), for spreadsheets and scripts. What
// nobody measured has the verdict "unknown". A text that a spreadsheet would take for a formula
// begins with an apostrophe.
func CSV(to io.Writer, m model.Matrix) error {
	v := view{Matrix: Clean(m)}
	v.tellApart()
	w := csv.NewWriter(to)
	w.UseCRLF = true
	line := func(cells ...string) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		_ = w.Write(cells) // Error has it
	}
	line("claim", "family", "level", "headline", "source", "question", "platform", "title", "measured", "verdict", "behaviour", "detail", "unstable")
	platforms := append(slices.Clone(v.Platforms), v.unmeasured()...)
	for _, c := range v.Claims {
		for _, p := range platforms {
			cell := v.at(c.ID, p.ID)
			line(c.ID, string(c.Family), string(c.Level), fmt.Sprint(c.Headline), source(c), c.Question,
				p.ID, p.Title, day(p), string(cell.Verdict), cell.Behaviour, cell.Detail, cell.Unstable)
		}
	}
	w.Flush()
	return w.Error()
}

// day is when a platform was measured; nothing if it is only wanted.
func day(p model.Column) string {
	if p.ID == "" {
		return ""
	}
	return p.Measured.Format(time.RFC3339)
}

// harmless keeps a spreadsheet from computing a cell. Some take the full-width forms for the signs.
func harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
