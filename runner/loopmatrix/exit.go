package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// The exit codes.
const (
	exitFine     = 0
	exitDeviates = 1
	exitUsage    = 2
	exitKit      = 3
	exitBetter   = 4
)

const exitCodes = `Exit codes:
  0  everything ran, and nothing that is a MUST or a SHOULD deviates; with a baseline, nothing differs for the worse
  1  a MUST or a SHOULD deviates; with a baseline, something is worse than that
  2  wrong usage, or a file that is no valid report
  3  the kit could not do its work, or was interrupted, or has no sure answer where the baseline has one
  4  better than the baseline: the baseline is stale`

// exit is an error with the exit code that it means. An empty text says nothing: the result has
// been shown.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage returns an error of the words that the program was called with.
func usage(format string, args ...any) error { return exit{exitUsage, fmt.Errorf(format, args...)} }

// toolError returns an error of the kit: it could not do its work.
func toolError(format string, args ...any) error {
	return exit{exitKit, fmt.Errorf(format, args...)}
}

// codeOf returns the exit code that an error means. Errors without a code come from cobra: wrong
// usage.
func codeOf(err error) int {
	if err == nil {
		return exitFine
	}
	if e, is := errors.AsType[exit](err); is {
		return e.code
	}
	return exitUsage
}

// oneOf refuses a flag's value that is none of the words it may be.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usage("--%s %q: it takes %s", flag, value, strings.Join(words, ", "))
}

// noArgs is cobra.NoArgs with the way out in it.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no argument, got %q; see %s --help", c.CommandPath(), args[0], c.CommandPath())
	}
	return nil
}

// exitFor returns the exit code that an effect means; the result has been shown.
func exitFor(e model.Effect) error {
	switch e {
	case model.Worse:
		return exit{exitDeviates, nil}
	case model.Unclear:
		return exit{exitKit, nil}
	case model.Better:
		return exit{exitBetter, nil}
	default:
		return nil
	}
}
