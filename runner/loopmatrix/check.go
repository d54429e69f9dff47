package main

import (
	"fmt"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check REPORT...",
		Short: "Is a report valid and complete? All problems at once",
		Long: "Reads reports and lists everything that is wrong with them at once, each with the file and the place in it:\n" +
			"fields and words that do not exist, claims without a result, verdicts that do not follow from what was seen.\n\n" +
			"Exit codes: 0 all are valid and complete, 2 some are not.",
		Example: "  loopmatrix check report.json",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("check needs a report; see %s --help", c.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			all := &multierror.Error{ErrorFormat: model.Lines}
			for _, path := range args {
				r, err := model.ReadChecked(path, claim.Catalogue())
				if err != nil {
					all = multierror.Append(all, err)
					continue
				}
				if err := put(fmt.Appendf(nil, "%s: valid and complete; %s, %s\n", path, r.Platform.ID, summary(r))); err != nil {
					return err
				}
			}
			if err := all.ErrorOrNil(); err != nil {
				return usage("%w", err)
			}
			return nil
		},
	}
}
