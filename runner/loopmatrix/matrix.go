package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/combine"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

func matrixCommand() *cobra.Command {
	var format, out string
	c := &cobra.Command{
		Use:   "matrix [REPORT or folder]...",
		Short: "Reports side by side: claims down, platforms across",
		Long:  "Combines reports into a matrix. Without arguments, a fresh run of this machine stands beside the published reports.",
	}
	c.Flags().StringVar(&format, "format", "text", "text, markdown, json or csv")
	c.Flags().StringVar(&out, "out", "", "write to this file instead of standard output")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := oneOf("format", format, "text", "markdown", "json", "csv"); err != nil {
			return err
		}
		reports, err := gather(args)
		if err != nil {
			return err
		}
		m, err := combine.Combine(reports, claim.Catalogue())
		if err != nil {
			return usage("%w", err)
		}
		return writeMatrix(m, format, out)
	}
	return c
}

// gather reads the reports that the arguments name; without arguments it measures this machine beside the published
// ones. All unreadable files are named at once.
func gather(args []string) ([]model.Report, error) {
	if len(args) > 0 {
		return readAll(args)
	}
	reports, err := published.Reports(claim.Catalogue())
	if err != nil {
		return nil, kit("published reports: %w", err)
	}
	seed, err := newSeed()
	if err != nil {
		return nil, kit("no seed: %w", err)
	}
	fresh, interrupted, err := measure(claim.Catalogue(), runFlags{seed: seed, wire: wireAuto})
	if err != nil {
		return nil, err
	}
	if interrupted {
		return nil, kit("interrupted")
	}
	// The fresh run takes the place of a published one of the same platform.
	reports = slices.DeleteFunc(reports, func(r model.Report) bool { return r.Platform.ID == fresh.Platform.ID })
	return append([]model.Report{fresh}, reports...), nil
}

func readAll(args []string) ([]model.Report, error) {
	var reports []model.Report
	all := &multierror.Error{ErrorFormat: model.Lines}
	for _, path := range expand(args, &all) {
		r, err := model.Read(path, claim.Catalogue())
		if err != nil {
			all = multierror.Append(all, err)
			continue
		}
		reports = append(reports, r)
	}
	if err := all.ErrorOrNil(); err != nil {
		return nil, usage("%w", err)
	}
	if len(reports) == 0 {
		return nil, usage("no report in %q: a folder must hold files that end in .json", args)
	}
	return reports, nil
}

// expand replaces each folder by the reports in it.
func expand(args []string, all **multierror.Error) []string {
	var out []string
	for _, path := range args {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			*all = multierror.Append(*all, err)
		case err == nil && info.IsDir():
			found, err := filepath.Glob(filepath.Join(path, "*.json"))
			if err != nil {
				*all = multierror.Append(*all, err)
			}
			out = append(out, found...)
		default:
			out = append(out, path) // reading it tells what is wrong
		}
	}
	return out
}

func writeMatrix(m model.Matrix, format, out string) error {
	if format == "text" && out == "" {
		return showMatrix(m)
	}
	b, err := renderAs(m, format)
	if err != nil {
		return kit("%w", err)
	}
	if out != "" {
		if err := model.WriteFile(out, b); err != nil {
			return usage("%w", err)
		}
		return nil
	}
	_, err = os.Stdout.Write(b)
	return err
}

func renderAs(m model.Matrix, format string) ([]byte, error) {
	switch format {
	case "markdown":
		return render.Markdown(m), nil
	case "csv":
		return render.CSV(m)
	case "json":
		return render.JSON(m)
	default:
		return render.Text(m, render.Terminal{Width: plainWidth}), nil
	}
}

// plainWidth is for text that goes into a file or a pipe: as wide as a terminal on half a screen.
const plainWidth = 120

// showMatrix writes the matrix for whoever is looking: with colours and in the width of the terminal, if it is one.
func showMatrix(m model.Matrix) error {
	t := render.Terminal{Width: plainWidth}
	if fd := int(os.Stdout.Fd()); term.IsTerminal(fd) {
		if width, _, err := term.GetSize(fd); err == nil && width > 0 {
			t.Width = width
		}
		t.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" // https://no-color.org
	}
	_, err := os.Stdout.Write(render.Text(m, t))
	return err
}
