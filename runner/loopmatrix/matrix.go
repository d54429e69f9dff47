package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/platforms"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

func matrixCommand(o *outputs) *cobra.Command {
	var format, out, older, known string
	var all bool
	f := runFlags{Options: session.Defaults()}
	c := &cobra.Command{
		Use:   "matrix [REPORT or folder]...",
		Short: "Reports side by side: claims down, platforms across",
		Long: "Combines reports into a matrix. Without arguments, this machine is measured, and what it answers is shown, and\n" +
			"what the nearest published column answers otherwise; --all, and any other format, has every claim and column.\n" +
			"A folder stands for the files in it that end in .json. What was seen is judged by the rules of this\n" +
			"version, whatever it was judged by before.\n\n" +
			"The fresh run is that of loopmatrix run: on BSD and macOS it changes this machine only if\n" +
			privatehost.Permission + "=1 says so.\n\n" +
			"Exit codes: 0 it is made, 2 wrong usage or a file that is no valid report, 3 the kit could not do its work or\n" +
			"was interrupted.",
		Example: "  loopmatrix matrix                                  this machine, and what differs from the nearest published one\n" +
			"  loopmatrix matrix --all                            every claim on this machine and on the published ones\n" +
			"  loopmatrix matrix linux.json macos.json            two reports\n" +
			"  loopmatrix matrix reports/ --format csv --out all.csv\n" +
			"  loopmatrix matrix reports/ --format html --out site/ a page to publish, with one for each claim and platform",
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text, markdown, html, json, csv, headlines, older (replaced)")
	c.Flags().StringVar(&out, "out", "", "write to this `file`, or into a folder; - is stdout; html is a folder of its own")
	c.Flags().StringVar(&older, "older", "", "with html: list the reports of this `folder` with links to the branch data, without columns")
	c.Flags().StringVar(&known, "documented", "on", "show what is documented of systems that were not measured; `on` or off")
	c.Flags().BoolVar(&all, "all", false, "show every claim beside all published columns")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "show no progress")
	c.Flags().BoolVar(&f.verbose, "verbose", false, verboseHelp)
	c.RunE = func(c *cobra.Command, args []string) error {
		err := errors.Join(oneOf("format", format, "text", "markdown", "html", "json", "csv", "headlines", "older"), oneOf("documented", known, "on", "off"))
		if err != nil {
			return err
		}
		if older != "" && format != "html" {
			return usage("--older goes with --format html only")
		}
		if all && len(args) > 0 {
			return usage("--all is for this machine; of reports that are named every claim is shown, so leave it out")
		}
		table := combine.NewTable(claim.Catalogue())
		if format == "html" {
			return siteOf(c.Context(), o, f, args, table, out, older, known)
		}
		if err := o.writable("out", anyFile(out)); err != nil {
			return err
		}
		if format == "text" && len(args) == 0 {
			return f.here(c.Context(), o, all, out)
		}
		if err := gather(c.Context(), o, f, args, combine.Answers, table.Add); err != nil {
			return err
		}
		return writeTable(c.Context(), o, table, known, format, out)
	}
	return c
}

// writeTable writes the reports of a table as a matrix, with what is documented if that was not
// switched off.
func writeTable(ctx context.Context, o *outputs, table *combine.Table, known, format, out string) error {
	m, err := table.Matrix()
	if err != nil {
		return usage("%w", err)
	}
	if m, err = withDocumented(m, known); err != nil {
		return err
	}
	return writeMatrix(ctx, o, m, format, out)
}

// gather takes the reports that the arguments name; without arguments it measures this machine
// beside the published ones. All are judged by the rules of this version: an old one may have been
// judged by older rules.
func gather(ctx context.Context, o *outputs, f runFlags, args []string, read combine.Reading, take func(model.Report)) error {
	if len(args) > 0 {
		return readAll(args, read, take)
	}
	fresh, others, err := f.beside(ctx, o)
	if err != nil {
		return err
	}
	for _, r := range freshFirst(fresh, others) {
		take(r)
	}
	return nil
}

// readAll takes the reports that the arguments name. All unreadable files are named at once.
func readAll(args []string, read combine.Reading, take func(model.Report)) error {
	all := &multierror.Error{ErrorFormat: model.Lines}
	var files []string
	for _, arg := range args {
		paths, err := combine.Paths(arg)
		if err != nil {
			all = multierror.Append(all, err)
		}
		files = append(files, paths...)
	}
	if err := read(files, claim.Catalogue(), take); err != nil {
		all = multierror.Append(all, err)
	}
	if err := all.ErrorOrNil(); err != nil {
		return usage("%w", err)
	}
	return nil
}

// suffixes are those of the files that hold a format.
var suffixes = map[string]string{"text": ".txt", "markdown": ".md", "json": ".json", "csv": ".csv", "headlines": ".md", "older": ".txt"}

// writeMatrix writes a matrix as it is made, which takes seconds for thousands of reports: a signal
// ends it, and leaves no part of a file.
func writeMatrix(ctx context.Context, o *outputs, m model.Matrix, format, out string) error {
	t, path := looking(), standardOutput
	if out != "" && out != standardOutput {
		t, path = plain(), fileIn(out, "matrix"+suffixes[format])
		var stop func()
		ctx, stop = interruptible(ctx, o)
		defer stop()
	}
	return o.stream("out", path, func(w io.Writer) (err error) {
		w = untilDone{ctx, w}
		switch format {
		case "markdown":
			render.Markdown(w, m)
		case "headlines":
			_, err = w.Write(render.HeadlineTable(m))
		case "csv":
			err = render.CSV(w, m)
		case "json":
			err = render.JSON(w, m)
		case "older":
			err = listOlder(w, m)
		default:
			render.Text(w, m, t)
		}
		if ctx.Err() != nil { // some renderings leave errors to the writer
			return errInterrupted
		}
		return err
	})
}

var errInterrupted = errors.New("interrupted")

// untilDone writes until its context ends.
type untilDone struct {
	context.Context
	to io.Writer
}

func (w untilDone) Write(b []byte) (int, error) {
	if w.Err() != nil {
		return 0, errInterrupted
	}
	return w.to.Write(b)
}

// listOlder lists the published reports that a newer one replaces.
func listOlder(w io.Writer, m model.Matrix) error {
	targets, err := platforms.Targets()
	for _, id := range platforms.Older(targets, m.Platforms) {
		fmt.Fprintln(w, id)
	}
	return err
}
