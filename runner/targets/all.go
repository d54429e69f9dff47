package targets

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
	"golang.org/x/sync/errgroup"
)

// AtOnce is how many targets run side by side: each mostly waits for an emulator or a line, and
// boots are the only heavy part.
const AtOnce = 4

// Result is what one target gave.
type Result struct {
	Target   Target
	Returned []Returned
	Err      error
}

// MeasureAll measures on all targets, at most atOnce side by side, and gives their results in the
// order of the targets. The error collects those of all targets; one that fails does not keep the
// others from being measured. order makes the order for each target.
func MeasureAll(ctx context.Context, targets []Target, atOnce int, order func(Target) Order) ([]Result, error) {
	results := make([]Result, len(targets))
	var all errgroup.Group
	all.SetLimit(atOnce)
	for i, t := range targets {
		all.Go(func() error {
			results[i] = one(ctx, t, order(t))
			return nil
		})
	}
	_ = all.Wait() // errors are in the results
	var errs *multierror.Error
	for _, r := range results {
		if r.Err != nil {
			errs = multierror.Append(errs, fmt.Errorf("%s: %w", r.Target.Name(), r.Err))
		}
	}
	return results, errs.ErrorOrNil()
}

// Joined puts the errors of one target on one line, as its place in a list of targets has it.
func Joined(errs []error) string {
	words := make([]string, len(errs))
	for i, err := range errs {
		words[i] = err.Error()
	}
	return strings.Join(words, "; ")
}

func one(ctx context.Context, t Target, o Order) Result {
	if err := ctx.Err(); err != nil {
		return Result{Target: t, Err: err}
	}
	if err := t.Missing(ctx); err != nil {
		return Result{Target: t, Err: err}
	}
	returned, err := t.Measure(ctx, o)
	return Result{Target: t, Returned: returned, Err: err}
}
