package main

import (
	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func compareCommand(o *outputs) *cobra.Command {
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
			if err := o.writable("out", anyFile(out)); err != nil {
				return err
			}
			if len(args) == 1 {
				args = []string{compare.Published, args[0]}
			}
			return compareFiles(o, args[0], args[1], format, out)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text, markdown or json")
	c.Flags().StringVar(&out, "out", "", "write to this `file`, or into a folder; - is stdout")
	return c
}

func compareFiles(o *outputs, old, now, format, out string) error {
	var sides [2]compare.Side
	all := &multierror.Error{ErrorFormat: model.Lines}
	for i, name := range []string{old, now} {
		var err error
		if sides[i], err = compare.Load(name, claim.Catalogue()); err != nil {
			all = multierror.Append(all, err)
		}
	}
	if err := all.ErrorOrNil(); err != nil {
		return usage("%w", err)
	}
	c, err := compare.Sides(sides[0], sides[1], claim.Catalogue())
	if err != nil {
		return usage("%w", err)
	}
	t := plain()
	if out == "" || out == standardOutput {
		t = looking()
	}
	b, err := comparisonAs(c, format, t)
	if err != nil {
		return toolError("%w", err)
	}
	if out == "" {
		out = standardOutput
	}
	if err := o.file("out", fileIn(out, "comparison"+suffixes[format]), b); err != nil {
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
