// Command loopmatrix tests every claim about loopback on this machine and shows the results side by side.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/runner/guest"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/lab"
	"github.com/loopmatrix/loopmatrix/suites/sock/remote"
)

// version and commit are set by the linker (Makefile).
var (
	version = "devel"
	commit  = ""
)

func main() {
	guest.Main()  // does not return in the first process of a machine
	remote.Main() // does not return in a second process
	lab.Main()    // does not return in a private host
	os.Exit(execute(os.Args[1:]))
}

// execute runs the command and gives its exit code. Everything it says about an error goes to standard error.
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
		Use:           "loopmatrix",
		Short:         "What does loopback really do here?",
		Long:          "loopmatrix tests every claim that RFCs and folklore make about 127.0.0.0/8 and ::1,\nand shows what each operating system really does.\n\n" + exitCodes,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(runCommand(), matrixCommand(), checkCommand(), claimsCommand(), faultsCommand())
	return root
}
