package render

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// JSON is the matrix itself, with its texts cleaned (Clean).
func JSON(m model.Matrix) ([]byte, error) { return model.Encode(Clean(m)) }

// CSV has a line for every claim and platform (RFC 4180), for spreadsheets and scripts. What nobody measured has the verdict
// "unknown". A text that a spreadsheet would take for a formula begins with an apostrophe.
func CSV(m model.Matrix) ([]byte, error) {
	v := newView(m)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	lines := [][]string{{"claim", "family", "level", "headline", "source", "question", "platform", "title", "measured",
		"verdict", "behaviour", "detail", "unstable"}}
	platforms := append(slices.Clone(v.Platforms), v.unmeasured()...)
	for _, c := range v.Claims {
		for _, p := range platforms {
			cell := v.at(c.ID, p.ID)
			lines = append(lines, []string{c.ID, string(c.Family), string(c.Level), fmt.Sprint(c.Headline), source(c), c.Question,
				p.ID, p.Title, day(p), string(cell.Verdict), cell.Behaviour, cell.Detail, cell.Unstable})
		}
	}
	for _, l := range lines {
		for i := range l {
			l[i] = harmless(l[i])
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	return b.Bytes(), nil
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
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
