package main

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// publishedWord stands for the published reports where a file is asked for.
const publishedWord = "published"

func compareCommand(d *desk) *cobra.Command {
	var format, out string
	c := &cobra.Command{
		Use:   "compare [OLD] NEW",
		Short: "What changed between two reports or matrices",
		Long: "Says what changed from the old measuring to the new one: what newly deviates or conforms, what shows another\n" +
			"behaviour, what is no longer measured, and which addresses of a sweep died or came back. Each side is a report,\n" +
			"a folder of reports, a matrix in JSON, or the word published; OLD is published unless it is named. Two reports\n" +
			"are compared whatever their platforms, everything else by the ids of the platforms; beside a report, and beside\n" +
			"published reports, only the platforms of the other side count.\n\n" +
			"Reports are judged by the rules of this version first, so that a change is one of the host. A matrix holds no\n" +
			"observations and stays as it was judged.\n\n" +
			"Exit codes, the first that applies:\n" +
			"  1  worse: something deviates that had another answer (what had none is newly measured, and no worse)\n" +
			"  3  unclear: inconclusive, unstable or not run where the old side has an answer\n" +
			"  4  better: something that deviated no longer does, so the old side is stale as a baseline\n" +
			"  0  none of these\n" +
			"  2  wrong usage, or a file that is no valid report or matrix",
		Example: "  loopmatrix compare yesterday.json today.json\n" +
			"  loopmatrix compare report.json                      with the published report of the same platform\n" +
			"  loopmatrix compare published results/ --format markdown",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage("compare takes one or two reports, matrices or folders, got %d; see %s --help", len(args), c.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "markdown", "json"); err != nil {
				return err
			}
			if err := d.writable("out", somewhere(out)); err != nil {
				return err
			}
			if len(args) == 1 {
				args = []string{publishedWord, args[0]}
			}
			return compareFiles(d, args[0], args[1], format, out)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text, markdown or json")
	c.Flags().StringVar(&out, "out", "", "write to this `file`, or into a folder; - is stdout")
	return c
}

func compareFiles(d *desk, old, now, format, out string) error {
	var sides [2]measuring
	all := &multierror.Error{ErrorFormat: model.Lines}
	for i, name := range []string{old, now} {
		var err error
		if sides[i], err = load(name); err != nil {
			all = multierror.Append(all, err)
		}
	}
	if err := all.ErrorOrNil(); err != nil {
		return usage("%w", err)
	}
	c, err := between(sides[0], sides[1])
	if err != nil {
		return usage("%w", err)
	}
	t := plain()
	if out == "" || out == standardOutput {
		t = looking()
	}
	b, err := comparisonAs(c, format, t)
	if err != nil {
		return kit("%w", err)
	}
	if out == "" {
		err = put(b)
	} else {
		err = d.keep("out", in(out, "comparison"+suffixes[format]), b)
	}
	if err != nil {
		return err
	}
	return exitFor(c.Effect)
}

func comparisonAs(c model.Comparison, format string, t render.Terminal) ([]byte, error) {
	switch format {
	case "markdown":
		return render.ComparisonMarkdown(c), nil
	case "json":
		return render.ComparisonJSON(c)
	default:
		return render.ComparisonText(c, t), nil
	}
}

// measuring is one side of a comparison: reports, or the matrix that was made of some.
type measuring struct {
	reports []model.Report
	// one says that it is one report, and not a folder or the published ones, which may happen to hold one.
	one bool
	// published says that these are the published reports, of which nobody measures all.
	published bool
	// matrix is what a file held that is no report; nil for reports.
	matrix *model.Matrix
}

// load reads one side. All unreadable files are named at once.
func load(name string) (measuring, error) {
	if name == publishedWord {
		reports, err := published.Reports(claim.Catalogue())
		return measuring{reports: reports, published: true}, err
	}
	if !isFolder(name) && holdsMatrix(name) {
		m, err := readMatrix(name)
		return measuring{matrix: &m}, err
	}
	paths, err := expand(name)
	if err != nil {
		return measuring{}, err
	}
	out := measuring{one: !isFolder(name)}
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, path := range paths {
		r, err := model.Read(path, claim.Catalogue())
		if err != nil {
			all = multierror.Append(all, err)
		}
		out.reports = append(out.reports, r)
	}
	return out, all.ErrorOrNil()
}

// holdsMatrix says whether a file looks like a matrix. Whatever it is, reading it as what it looks like tells what is
// wrong with it.
func holdsMatrix(path string) bool {
	b, err := model.ReadFile(path, model.MaxBytes)
	var looks struct{ Cells json.RawMessage }
	return err == nil && json.Unmarshal(b, &looks) == nil && looks.Cells != nil
}

func readMatrix(path string) (model.Matrix, error) {
	b, err := model.ReadFile(path, model.MaxBytes)
	if err != nil {
		return model.Matrix{}, err
	}
	m, err := model.DecodeMatrix(bytes.NewReader(b), path)
	if err != nil {
		return m, err
	}
	return m, compare.Valid(m, path)
}

// between compares two sides: two reports whatever their platforms, and otherwise what both should have.
func between(old, now measuring) (model.Comparison, error) {
	if old.one && now.one {
		return compare.Reports(old.reports[0], now.reports[0], claim.Catalogue())
	}
	old.reports = compare.Both(old.reports, now.reports)
	before, err := old.columns()
	if err != nil {
		return model.Comparison{}, err
	}
	after, err := now.columns()
	if err != nil {
		return model.Comparison{}, err
	}
	if now.one || old.published {
		before = compare.Only(before, columnIDs(after)...)
	}
	if old.one || now.published {
		after = compare.Only(after, columnIDs(before)...)
	}
	c := compare.Matrices(before, after)
	c.Rejudged = old.matrix == nil && now.matrix == nil
	return compare.Sweeps(c, old.reports, now.reports), nil // a matrix has none
}

func (m measuring) columns() (model.Matrix, error) {
	if m.matrix != nil {
		return *m.matrix, nil
	}
	return compare.Judged(m.reports, claim.Catalogue())
}

func columnIDs(m model.Matrix) []string {
	var out []string
	for _, p := range m.Platforms {
		out = append(out, p.ID)
	}
	return out
}

// exitFor is the exit code that an effect means; the result has been shown.
func exitFor(e model.Effect) error {
	switch e {
	case model.Worse:
		return exit{exitDeviates, nil}
	case model.Unclear:
		return exit{exitKit, nil}
	case model.Better:
		return exit{exitBetter, nil}
	default:
		return nil
	}
}
