package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

func claimsCommand() *cobra.Command {
	var format string
	var platforms bool
	c := &cobra.Command{
		Use:   "claims [ID or selection]",
		Short: "The catalogue of claims; one claim in full",
		Long: "Lists the claims: all of them, those of a selection (globs of ids, a family, a level or `headline`,\n" +
			"joined with commas), or one in full with its question, sentence, source, level, behaviours and fault.\n" +
			"With --platforms, one is answered for every published column; without it, what is shown is the catalogue only.\n\n" +
			"Exit codes: 0 they are listed, 2 wrong usage.",
		Example: "  loopmatrix claims v4.block.bind              one claim in full\n" +
			"  loopmatrix claims v4.block.bind --platforms  what each published platform answers\n" +
			"  loopmatrix claims headline                   what people ask\n" +
			"  loopmatrix claims 'v6.*' --format markdown   a table",
		Args: cobra.MaximumNArgs(1),
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text, markdown or json")
	c.Flags().BoolVar(&platforms, "platforms", false, "show what each published column answers to the one claim; text or json")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := oneOf("format", format, "text", "markdown", "json"); err != nil {
			return err
		}
		chosen, single, err := choose(args)
		if err != nil {
			return err
		}
		if platforms {
			return showPlatforms(chosen, single, format)
		}
		return showClaims(chosen, single, format)
	}
	return c
}

// choose returns the claims that the argument names, and reports whether it is the id of a single
// one.
func choose(args []string) (chosen []claim.Claim, single bool, err error) {
	entries := claim.Catalogue()
	if len(args) == 1 {
		if entries, err = claim.Select(args[0], entries); err != nil {
			return nil, false, usage("%w", err)
		}
		single = len(entries) == 1 && entries[0].ID == args[0]
	}
	for _, e := range entries {
		chosen = append(chosen, e.Claim)
	}
	return chosen, single, nil
}

func showClaims(chosen []claim.Claim, single bool, format string) error {
	var out []byte
	var err error
	switch {
	case format == "json" && single:
		out, err = model.Encode(chosen[0])
	case format == "json":
		out, err = model.Encode(chosen)
	case format == "markdown":
		out = render.ClaimsMarkdown(chosen)
	case single:
		out = claimText(chosen[0])
	default:
		out = render.ClaimsText(chosen, looking().Width)
	}
	if err != nil {
		return toolError("%w", err)
	}
	return writeStdout(out)
}

// claimText shows one claim in full, and then where it stands in the source.
func claimText(c claim.Claim) []byte {
	all := claim.Catalogue()
	e := all[slices.IndexFunc(all, func(e claim.Entry) bool { return e.ID == c.ID })]
	how, fault := "in a fake host; go test ./suites/kit/fake -v -run TestFaults/"+c.Fault+" shows what it turns", fake.Place(c.Fault)
	if len(e.Parts) > 0 {
		how, fault = "in a private host; loopmatrix faults "+c.Fault+" shows what it turns", privatehost.Place(c.Fault)
	}
	places := e.Places()
	if c.Fault != "" {
		places = append(places, fault)
	}
	text := append(render.ClaimText(c, how), '\n')
	for _, p := range places {
		text = fmt.Appendln(text, p)
	}
	return text
}

// showPlatforms shows what the published columns answer to one claim.
func showPlatforms(chosen []claim.Claim, single bool, format string) error {
	if !single {
		return usage("--platforms shows the answers to one claim: name its id, such as v4.block.bind")
	}
	if err := oneOf("format", format, "text", "json"); err != nil {
		return usage("--platforms: %w", err)
	}
	m, err := publishedMatrix()
	if err != nil {
		return toolError("published reports: %w", err)
	}
	if format == "json" {
		out, err := model.Encode(render.AnswersTo(m, chosen[0]))
		if err != nil {
			return toolError("%w", err)
		}
		return writeStdout(out)
	}
	return writeStdout(render.AnswersText(m, chosen[0], looking()))
}

// publishedMatrix is all published reports side by side, judged by the rules of this version.
func publishedMatrix() (model.Matrix, error) {
	reports, err := published.Reports(claim.Catalogue())
	if err != nil {
		return model.Matrix{}, err
	}
	for i, r := range reports {
		reports[i] = combine.Rejudge(r, claim.Catalogue())
	}
	m, err := combine.Combine(reports, claim.Catalogue())
	if err != nil {
		return m, err
	}
	return withDocumented(m, "on")
}
