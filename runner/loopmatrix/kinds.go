package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// askLimit is for all questions to tools about themselves; the slowest, Vagrant's, take seconds.
const askLimit = time.Minute

func targetsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "targets",
		Short: "What can be measured from here, and what is missing for the rest",
		Long: "Lists the kinds of targets that run --target takes, those of each kind that are at hand, and what this machine\n" +
			"lacks for them.",
		Example: "  loopmatrix targets\n  loopmatrix run --target local --target runsc --out reports/",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(c.Context(), askLimit)
			defer cancel()
			var out bytes.Buffer
			for _, k := range targets.Kinds() {
				showKind(ctx, &out, k)
			}
			return writeStdout(out.Bytes())
		},
	}
}

// showKind says what a kind of target is, and of each that was found whether it can be measured.
func showKind(ctx context.Context, w io.Writer, k targets.Kind) {
	_, _ = fmt.Fprintf(w, "%s\n  %s\n", k.Form, k.Does)
	var found []string
	if k.Found != nil {
		found = k.Found()
	}
	lacks := func(name string) error {
		t, err := targets.Parse(name)
		if err != nil {
			return err
		}
		return t.Missing(ctx)
	}
	if k.Survey != nil {
		survey := k.Survey(ctx)
		lacks = func(name string) error { return survey[name] }
	}
	for _, name := range found {
		showReady(w, name, lacks(name))
	}
	switch {
	case len(found) > 0:
	case k.Missing != nil:
		showReady(w, k.Form, k.Missing(ctx))
	default:
		_, _ = fmt.Fprintln(w, "  ? none is at hand; it has to be named")
	}
}

func showReady(w io.Writer, name string, err error) {
	if err != nil {
		_, _ = fmt.Fprintf(w, "  ✗ %s: %v\n", name, err)
		return
	}
	_, _ = fmt.Fprintf(w, "  ✓ %s\n", name)
}
