package render

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// CheckedMarkdown says what was found in files to be published, as GitHub
// renders it. Every text is escaped: even the name of a file is another's.
func CheckedMarkdown(checked []model.Checked) []byte {
	var d document
	d.line("## Reports for publication\n")
	d.line("| file | platform | measured | kit | verdict |\n| --- | --- | --- | --- | --- |")
	for _, c := range checked {
		r := c.Report
		measured := ""
		if !r.Run.Started.IsZero() {
			measured = r.Run.Started.UTC().Format("2006-01-02")
		}
		d.line("| %s | %s | %s | %s | %s |", escape(cleanText(c.File)), escape(cleanText(r.Platform.Title)), measured,
			escape(cleanText(r.Kit.Version)), checkedVerdict(c))
	}
	for _, c := range checked {
		if c.Fit() {
			continue
		}
		d.line("\n### %s\n", escape(cleanText(c.File)))
		d.problems("It is no valid report:", c.Wrong)
		d.problems("It can't be published as it is:", c.Unfit)
	}
	return d.b.Bytes()
}

func checkedVerdict(c model.Checked) string {
	switch {
	case !c.Valid():
		return "✗ not valid"
	case !c.Fit():
		return "✗ valid, but not fit for publication"
	default:
		return "✓ fit for publication"
	}
}

// mostProblems is how many of one file are listed; more are not read, and a job summary
// has a limit of 1 MiB.
const mostProblems = 100

func (d *document) problems(title string, all []model.Problem) {
	if len(all) == 0 {
		return
	}
	d.line("%s\n", title)
	for i, p := range all {
		if i == mostProblems {
			d.line("- and %s more", Times(len(all)-i, "problem"))
			break
		}
		place := ""
		if p.Path != "" {
			place = bold(cleanText(p.Path)) + ": "
		}
		d.line("- %s%s", place, escape(cleanText(p.Text)))
	}
	d.line("")
}

// Times counts things: "1 problem", "3 problems".
func Times(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
