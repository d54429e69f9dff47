package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/hilbert"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// mapColumns is how wide a map is on a terminal: 64 columns and 32 lines, each square 4,096
// addresses.
const mapColumns = 64

func mapCommand(o *outputs) *cobra.Command {
	var out, protocol string
	c := &cobra.Command{
		Use:   "map REPORT",
		Short: "A picture of a sweep: every address of the block on a Hilbert curve",
		Long: "Draws what a sweep found. Without --out it is drawn coarsely on the terminal; a file that ends in .png has one\n" +
			"pixel for each of the 16,777,216 addresses, one that ends in .svg is a thumbnail with names of prefixes.\n" +
			"127.0.0.0 is the upper left corner and 127.255.255.255 the upper right one.\n\n" +
			"Exit codes: 0 it is drawn, 2 wrong usage or no such sweep in a valid report, 3 the kit could not do its work.",
		Example: "  loopmatrix run --claims none --sweep udp --out r.json && loopmatrix map r.json --out udp.png",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&out, "out", "", "write the picture to this `file`, .png or .svg")
	c.Flags().StringVar(&protocol, "protocol", "", "`which` sweep of the report: udp, bind, tcp or icmp; the first unless told otherwise")
	c.RunE = func(_ *cobra.Command, args []string) error {
		kind := strings.ToLower(filepath.Ext(out))
		if out != "" {
			if err := oneOf("out", kind, ".png", ".svg"); err != nil {
				return usage("--out %s: a picture ends in .png or .svg", out)
			}
			if err := o.writable("out", out); err != nil {
				return err
			}
		}
		r, err := model.Read(args[0], claim.Catalogue())
		if err != nil {
			return usage("%w", err)
		}
		s, err := sweepsIn(r, protocol)
		if err != nil {
			return err
		}
		return drawMap(o, render.CleanReport(r).Platform.Title, s, kind, out)
	}
	return c
}

// sweepsIn finds what is to be drawn of a report: all sweeps of one protocol, which have asked
// different parts.
func sweepsIn(r model.Report, protocol string) ([]model.Sweep, error) {
	var has []string
	var out []model.Sweep
	for _, s := range r.Sweeps {
		if s.Broadcast || s.Reason != "" {
			continue
		}
		if protocol == "" {
			protocol = s.Protocol
		}
		if s.Protocol == protocol {
			out = append(out, s)
		}
		has = append(has, s.Protocol)
	}
	switch {
	case len(out) > 0:
		return out, nil
	case len(has) == 0:
		return nil, usage("%s: it has no sweep; loopmatrix run --sweep udp makes one", r.File)
	default:
		return nil, usage("%s: it has no sweep of %q, only of %s", r.File, protocol, strings.Join(slices.Compact(has), ", "))
	}
}

func drawMap(o *outputs, title string, sweeps []model.Sweep, kind, out string) error {
	heading := render.MapTitle(title, sweeps)
	var b []byte
	var err error
	switch kind {
	case ".png":
		b, err = hilbert.PNG(sweeps...)
	case ".svg":
		b, err = hilbert.SVG(heading, sweeps...)
	default:
		if b, err = hilbert.Text(mapColumns, looking().Colour, sweeps...); err == nil {
			return writeStdout(fmt.Appendf(b, "%s\n", heading))
		}
	}
	if err != nil {
		return toolError("%w", err)
	}
	return o.file("out", out, b)
}
