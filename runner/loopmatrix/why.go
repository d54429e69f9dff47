package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

func whyCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "why",
		Short: "Does loopback stay inside this machine, as it is? What opens it, and what mends that",
		Long: "Reads the switches, policy rules, routes and packet filter of this machine, and says whether a neighbour reaches\n" +
			"what listens on 127.0.0.1 only, and whether a packet to 127.0.0.0/8 leaves. It sends nothing and changes nothing.\n" +
			"What run measures in private hosts is what this kernel does by itself; this is about the machine's own settings.\n" +
			"Where something can't be read, or can't be judged by reading, the answer is unknown, and says what would settle it.\n" +
			"So far it reads Linux; as root it reads the packet filter, too.\n\n" +
			"Exit codes: 0 loopback stays inside, 1 it does not, 2 wrong usage, 3 unknown.",
		Example: "  sudo loopmatrix why\n  loopmatrix why --format json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			answers := exposure.Here(host.Sample(1))
			if format == "json" {
				out, err := model.Encode(answers)
				if err != nil {
					return toolError("%w", err)
				}
				if err := writeStdout(out); err != nil {
					return err
				}
			} else if err := writeStdout([]byte(machineText(answers))); err != nil {
				return err
			}
			return exitOf(answers)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the `format` is text or json")
	return c
}

// exitOf is the exit code of the worst answer.
func exitOf(answers []exposure.Answer) error {
	var code error
	for _, a := range answers {
		switch a.Verdict {
		case exposure.Yes:
			return exit{exitDeviates, nil}
		case exposure.Unknown:
			code = exit{exitKit, nil}
		}
	}
	return code
}

// machineText shows what was read of this machine, most important first.
func machineText(answers []exposure.Answer) string {
	var b strings.Builder
	b.WriteString("This machine, as it is\n")
	marks := map[exposure.Verdict]string{exposure.No: "✓ No", exposure.Yes: "✗ Yes", exposure.Unknown: "? Unknown for this machine"}
	for _, a := range answers {
		fmt.Fprintf(&b, "%s\n  %s\n", a.Question, marks[a.Verdict])
		for _, c := range append(a.Causes[:len(a.Causes):len(a.Causes)], a.Doubts...) {
			fmt.Fprintf(&b, "    %s\n", c.Says)
			if c.Remedy != "" {
				fmt.Fprintf(&b, "      %s\n", c.Remedy)
			}
		}
		if a.Verdict != exposure.Yes {
			for _, r := range a.Read {
				fmt.Fprintf(&b, "    read: %s\n", r)
			}
			for _, u := range a.Unread {
				fmt.Fprintf(&b, "    not read: %s\n", u)
			}
		}
	}
	return b.String()
}
