// Command loopmatrix tests every claim about loopback on this machine and shows the results side by
// side.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

func main() {
	child.Main() // does not return in a process that the kit has started for a part of its work
	os.Exit(execute(os.Args[1:]))
}

// execute runs the command and gives its exit code. Everything it says about an error goes to
// standard error.
func execute(args []string) int {
	root := command()
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if err != nil && err.Error() != "" {
		fmt.Fprintln(os.Stderr, "loopmatrix:", err)
	}
	return codeOf(err)
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "loopmatrix",
		Short: "What does loopback really do here?",
		Long: "What does loopback really do here? loopmatrix tests every claim that RFCs and folklore make\n" +
			"about 127.0.0.0/8 and ::1 on this machine, and puts the answers of many systems side by side.\n\n" + exitCodes,
		Example: "  loopmatrix matrix                  measure this machine, and compare it with the published ones\n" +
			"  loopmatrix run --out report.json   measure this machine, and keep what was seen\n" +
			"  loopmatrix claims v4.block.bind    what one claim says, and where it comes from",
		Version:       thisKit().Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see %s --help", err, c.CommandPath())
	})
	o := &outputs{}
	root.AddCommand(runCommand(o), matrixCommand(o), compareCommand(o), checkCommand(), claimsCommand(), whyCommand(o), mapCommand(o), faultsCommand(), targetsCommand())
	return root
}

// knownCommand refuses words that are no command, and names those that are near.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := ""
	if c.SuggestionsMinimumDistance = 2; len(c.SuggestionsFor(args[0])) > 0 {
		near = "; near it: " + strings.Join(c.SuggestionsFor(args[0]), ", ")
	}
	return usage("there is no command %q%s; see %s --help", args[0], near, c.CommandPath())
}
