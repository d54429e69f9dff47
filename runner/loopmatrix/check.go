package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/runner/submission"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func checkCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "check REPORT...",
		Short: "Is a report valid, complete, and acceptable for publication? All problems at once",
		Long: "Reads reports and lists everything that is wrong with them at once, each with the file, the place in it and the\n" +
			"way out. First whether each is valid: fields and words that do not exist, results that contradict themselves.\n" +
			"Then whether it can be published: whole, as the kit wrote it (its digest), of a release or a commit, under the\n" +
			"id that its facts make, in a file of that name, with verdicts that follow from what was seen, with its captures\n" +
			fmt.Sprintf("beside it (at most %d MiB each), and without paths or names of whoever measured.\n\n", submission.MaxCapture>>20) +
			"The digest shows slips and edits. It is no signature: it can't show that the measuring was honest.\n\n" +
			"Exit codes: 0 all can be published, 2 some are not valid or not fit for publication.",
		Example: "  loopmatrix check linux-6.12-debian-13-vm-amd64.json\n" +
			"  loopmatrix check --format markdown reports/published/*.json",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("check needs a report; see %s --help", c.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "markdown"); err != nil {
				return err
			}
			checked := make([]model.Checked, len(args))
			for i, path := range args {
				checked[i] = submission.Check(path, claim.Catalogue())
			}
			if format == "markdown" {
				return checkedMarkdown(checked)
			}
			return checkedText(checked)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text or markdown")
	return c
}

// checkedText says on standard output what each file is, and on standard error everything that is
// wrong with them.
func checkedText(checked []model.Checked) error {
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, c := range checked {
		if err := writeStdout([]byte(conclusion(c) + "\n")); err != nil {
			return err
		}
		for _, p := range append(c.Wrong[:len(c.Wrong):len(c.Wrong)], c.Unfit...) {
			all = multierror.Append(all, p)
		}
	}
	if err := all.ErrorOrNil(); err != nil {
		return usage("%w", err)
	}
	return nil
}

// conclusion is one line on a file.
func conclusion(c model.Checked) string {
	name := model.Printable(c.File)
	switch {
	case c.Holds != "" && c.Valid():
		return name + ": valid; " + c.Holds
	case c.Holds != "":
		return name + ": not valid; " + render.Times(len(c.Wrong), "problem")
	case !c.Valid():
		return name + ": not a valid report; " + render.Times(len(c.Wrong)+len(c.Unfit), "problem")
	case !c.Fit():
		return fmt.Sprintf("%s: valid, but not fit for publication; %s; %s, %s", name, render.Times(len(c.Unfit), "problem"), c.Report.Platform.ID, session.Summary(c.Report))
	default:
		return fmt.Sprintf("%s: valid and fit for publication; %s, %s%s", name, c.Report.Platform.ID, session.Summary(c.Report), withdrawn(c))
	}
}

// withdrawn names the answers that errata withdraw.
func withdrawn(c model.Checked) string {
	if len(c.Withdrawn) == 0 {
		return ""
	}
	return "; withdrawn by errata: " + strings.Join(c.Withdrawn, " ")
}

// checkedMarkdown says all of it on standard output, for the summary of a job.
func checkedMarkdown(checked []model.Checked) error {
	if err := writeStdout(render.CheckedMarkdown(checked)); err != nil {
		return err
	}
	for _, c := range checked {
		if !c.Fit() {
			return exit{exitUsage, nil}
		}
	}
	return nil
}
