package site

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// rendered is a report in every form, by the name of the file.
func rendered(tb testing.TB, r model.Report) map[string][]byte {
	tb.Helper()
	m := beside([]model.Report{r})
	m.Claims = slices.DeleteFunc(m.Claims, func(c claim.Claim) bool { return len(m.Cells[c.ID]) == 0 })
	m.Wanted = nil
	files, err := Build(m, []model.Report{r}, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]byte{"headlines.md": render.HeadlineTable(m),
		"junit.xml": render.JUnit(r, claim.Catalogue()), "report.tap": render.TAP(r, claim.Catalogue())}
	for name, write := range map[string]func(io.Writer) error{
		"matrix.md":  func(w io.Writer) error { render.Markdown(w, m); return nil },
		"details.md": func(w io.Writer) error { render.Details(w, m); return nil },
		"plain.txt":  func(w io.Writer) error { render.Text(w, m, render.Terminal{}); return nil },
		"colour.txt": func(w io.Writer) error { render.Text(w, m, render.Terminal{Colour: true}); return nil },
		"matrix.csv": func(w io.Writer) error { return render.CSV(w, m) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			tb.Fatal(err)
		}
		out[name] = b.Bytes()
	}
	changed := comparison(r)
	out["comparison.md"], out["checked.md"] = render.ComparisonMarkdown(changed), render.CheckedMarkdown(checked(r))
	out["comparison.txt"] = render.ComparisonText(changed, render.Terminal{})
	if out["comparison.json"], err = render.ComparisonJSON(changed); err != nil {
		tb.Fatal(err)
	}
	for _, f := range files {
		out[f.Path] = f.Bytes
	}
	return out
}

// comparison compares a report with itself as if all had changed: its texts stand wherever a
// comparison has one.
func comparison(r model.Report) model.Comparison {
	side := model.Side{ID: r.Platform.ID, Title: r.Platform.Title, Measured: r.Run.Started, Kit: r.Kit}
	c := model.Comparison{Schema: model.MatrixSchema, Effect: model.Worse, Pairs: []model.Pair{{Old: &side, New: &side, Differs: []model.Fact{
		{Name: "platform.kernel", Old: r.Platform.Kernel, New: r.Run.How}, {Name: r.Platform.State.Unknown[0], Old: r.Platform.Version}}}}}
	for i, result := range r.Results {
		cell := model.Cell{Verdict: result.Verdict, Behaviour: result.Behaviour, Detail: result.Reason}
		c.Changes = append(c.Changes, model.Change{Claim: result.Claim, Level: claim.Must, Question: result.Reason, Platform: r.Platform.Title,
			Kind: model.Kinds()[i%len(model.Kinds())], Effect: model.Effects()[i%len(model.Effects())], Old: &cell, New: &cell})
	}
	return c
}

// checked is a report among files that somebody wants to have published, refused for reasons and at
// places of its own making.
func checked(r model.Report) (out []model.Checked) {
	for _, result := range r.Results {
		p := model.Problem{File: result.Reason, Path: result.Reason, Text: result.Reason}
		out = append(out, model.Checked{File: result.Reason, Report: r, Wrong: []model.Problem{p}, Unfit: []model.Problem{p}})
	}
	return append(out, model.Checked{File: r.Run.How, Report: r})
}
