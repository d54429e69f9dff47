package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

func claimsCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "claims [ID or selection]",
		Short: "The catalogue of claims; one claim in full",
		Long: "Lists the claims: all of them, those of a selection (globs of ids, a family, a level or `headline`,\n" +
			"joined with commas), or one in full with its question, sentence, source, level, behaviours and fault.\n\n" +
			"Exit codes: 0 they are listed, 2 wrong usage.",
		Example: "  loopmatrix claims v4.block.bind              one claim in full\n" +
			"  loopmatrix claims headline                   what people ask\n" +
			"  loopmatrix claims 'v6.*' --format markdown   a table",
		Args: cobra.MaximumNArgs(1),
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text, markdown or json")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := oneOf("format", format, "text", "markdown", "json"); err != nil {
			return err
		}
		chosen, one, err := choose(args)
		if err != nil {
			return err
		}
		return showClaims(chosen, one, format)
	}
	return c
}

// choose gives the claims that the argument names, and whether it is the id of a single one.
func choose(args []string) (chosen []claim.Claim, one bool, err error) {
	entries := claim.Catalogue()
	if len(args) == 1 {
		if entries, err = claim.Select(args[0], entries); err != nil {
			return nil, false, usage("%w", err)
		}
		one = len(entries) == 1 && entries[0].ID == args[0]
	}
	for _, e := range entries {
		chosen = append(chosen, e.Claim)
	}
	return chosen, one, nil
}

func showClaims(chosen []claim.Claim, one bool, format string) error {
	var out []byte
	var err error
	switch {
	case format == "json" && one:
		out, err = model.Encode(chosen[0])
	case format == "json":
		out, err = model.Encode(chosen)
	case format == "markdown":
		out = render.ClaimsMarkdown(chosen)
	case one:
		out = render.ClaimText(chosen[0], faultPlace(chosen[0]))
	default:
		out = render.ClaimsText(chosen, looking().Width)
	}
	if err != nil {
		return kit("%w", err)
	}
	return put(out)
}

// faultPlace says where the fault of a claim is put, and what shows it at work.
func faultPlace(c claim.Claim) string {
	all := claim.Catalogue()
	i := slices.IndexFunc(all, func(e claim.Entry) bool { return e.ID == c.ID })
	if i >= 0 && len(all[i].Parts) > 0 {
		return "in a private host; loopmatrix faults " + c.Fault + " shows what it turns"
	}
	return "in a fake host; go test ./suites/fake -v -run TestFaults/" + c.Fault + " shows what it turns"
}
