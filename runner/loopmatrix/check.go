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
				fmt.Printf("%s: valid, %s, %d claims\n", path, r.Platform.ID, len(r.Results))
			}
			if err := all.ErrorOrNil(); err != nil {
				return usage("%w", err)
			}
			return nil
		},
	}
}
