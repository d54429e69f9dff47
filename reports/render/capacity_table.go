package render

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// ListenersTable is how many listeners the platforms of reports held, as a Markdown table; nil if
// nobody asked any. Every text is escaped.
func ListenersTable(reports []model.Report) []byte {
	var d document
	for _, r := range reports {
		r = CleanReport(r)
		if r.Capacity == nil {
			continue
		}
		if d.b.Len() == 0 {
			d.line("| platform | listeners at once | bytes each | what stopped it | extrapolated to 16,777,214, not measured |\n| --- | --- | --- | --- | --- |")
		}
		c := *r.Capacity
		if c.Reason != "" {
			d.line("| %s | – |  | %s |  |", escape(r.Platform.Title), escape(c.Reason))
			continue
		}
		each := "unknown"
		if c.Memory != nil && c.Memory.Each > 0 {
			each = Thousands(int(c.Memory.Each + 0.5))
		}
		d.line("| %s | %s | %s | %s | %s |", escape(r.Platform.Title), Thousands(c.Held), each, escape(c.Stopped()), escape(extrapolatedCell(c)))
	}
	return d.b.Bytes()
}

// extrapolatedCell is an extrapolation without the word, which the head of the column has.
func extrapolatedCell(c model.Capacity) string {
	_, words, _ := strings.Cut(extrapolationWords(c), " would take ")
	return strings.TrimSuffix(words, ".")
}
