package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
)

// listenersWord is what --sweep calls the holding of listeners.
const listenersWord = "listeners"

// memoryHelp describes --memory-share.
const memoryHelp = "let --sweep listeners take this much of the free memory, in `percent`"

// listenersAsked reads whether --sweep asks for listeners, and how many at most: "listeners=100000"; nil if it does not.
func listenersAsked(list string) (*capacity.Plan, error) {
	var plan *capacity.Plan
	for item := range strings.SplitSeq(list, ",") {
		word, part, has := strings.Cut(strings.TrimSpace(item), "=")
		if word != listenersWord {
			continue
		}
		if plan != nil {
			return nil, usage("--sweep %s: listeners stands there twice", list)
		}
		plan = &capacity.Plan{}
		if !has {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > capacity.Whole {
			return nil, usage("--sweep %s: listeners takes a number from 1 to %d, and %q is none", item, capacity.Whole, part)
		}
		plan.Most = n
	}
	return plan, nil
}

// checkShare refuses a share that is none.
func (f runFlags) checkShare() error {
	if f.share <= 0 || f.share > 100 {
		return usage("--memory-share %v: it takes a number of percent, above 0 and up to 100", f.share)
	}
	return nil
}

// listen holds listeners if --sweep asks for it, after everything else, whose memory it would take.
func (f runFlags) listen(ctx context.Context, r *model.Report) (interrupted bool, err error) {
	plan, err := listenersAsked(f.sweep)
	if err != nil || plan == nil {
		return false, err
	}
	plan.Share = f.share / 100
	var now capacity.Progress
	end := f.display().Follow(listenersWord+" ", "held", func() progress.Amount {
		held := now.Held.Load()
		if now.Full.Load() {
			return progress.Amount{Done: held, Total: held, Remark: "asking some who they are, and letting go of all"}
		}
		return progress.Amount{Done: held, Total: now.Goal.Load()}
	})
	*r, interrupted = engine.Listeners(ctx, *plan, *r, &now)
	end()
	return interrupted, nil
}
