// Package engine runs the specs of the selected claims once, in this process: by ginkgo, serially,
// silently and with no socket of its own.
package engine

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// Progress is called with each result as soon as it is there; done counts from 1 to total.
type Progress func(done, total int, r claim.Result)

// Outcome is what a run gave.
type Outcome struct {
	// Results has one result for every claim of the catalogue, in its order.
	Results []claim.Result
	// Interrupted says that the run ended early; what was measured until then is in Results.
	Interrupted bool
}

// Run measures the selected claims on a host, in the order of the catalogue's families. The end of
// the context ends the run with what has been measured: at once if SIGINT or SIGTERM is behind it,
// which ginkgo takes as well and for which it leaves the spec that is under way, and otherwise
// before the next spec. Run can be called once in a process, since ginkgo can.
func Run(ctx context.Context, catalogue, selected []claim.Entry, h *host.Host, progress Progress) (Outcome, error) {
	if err := standSomewhere(); err != nil {
		return Outcome{}, err
	}
	var mu sync.Mutex
	results := map[string]claim.Result{}
	ginkgo.BeforeEach(func() { // a signal may come before ginkgo listens
		if ctx.Err() != nil {
			ginkgo.AbortSuite(model.Interrupted)
		}
	})
	// Not in ReportAfterSuite: there, a spec is interrupted as well if the signal came while its
	// progress was written. With a context, ginkgo waits for that.
	ginkgo.ReportAfterEach(func(_ ginkgo.SpecContext, report ginkgo.SpecReport) {
		r, measured := claim.ResultOf(report)
		if !measured || ctx.Err() != nil { // what a spec saw after a signal may be the work of the signal
			return
		}
		mu.Lock()
		results[r.Claim] = r
		done := len(results)
		mu.Unlock()
		if progress != nil {
			progress(done, len(selected), r)
		}
	})
	claim.Describe("loopmatrix", selected, func() *host.Host { return h }, false)
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.RandomizeAllSpecs, suite.ParallelTotal, suite.FailFast = false, 1, false
	suite.FocusStrings, suite.SkipStrings, suite.LabelFilter = nil, nil, ""
	reporter.NoColor, reporter.Succinct = true, true
	restore := silence()
	ginkgo.RunSpecs(failures{}, "loopmatrix", suite, reporter)
	restore()
	mu.Lock()
	defer mu.Unlock()
	return outcome(results, catalogue, selected), nil
}

// failures is ginkgo's testing.T. A failed spec is an inconclusive claim, which the results tell.
type failures struct{}

func (failures) Fail() {}

// silence keeps ginkgo from the terminal: progress and results are shown by the command.
func silence() (restore func()) {
	out, err := formatter.ColorableStdOut, formatter.ColorableStdErr
	formatter.ColorableStdOut, formatter.ColorableStdErr = io.Discard, io.Discard
	return func() { formatter.ColorableStdOut, formatter.ColorableStdErr = out, err }
}

// standSomewhere makes sure that there is a working directory: ginkgo needs it and exits without,
// as for a user who was switched to while in a folder of another.
func standSomewhere() error {
	if _, err := os.Getwd(); err == nil {
		return nil
	}
	if err := os.Chdir(os.TempDir()); err != nil {
		return fmt.Errorf("there is no working directory and %s can't be one: %w", os.TempDir(), err)
	}
	return nil
}

// outcome has a result for every claim of the catalogue; a selected one that has none was
// interrupted.
func outcome(results map[string]claim.Result, catalogue, selected []claim.Entry) (out Outcome) {
	asked := map[string]bool{}
	for _, e := range selected {
		asked[e.ID] = true
	}
	for _, e := range catalogue {
		r, measured := results[e.ID]
		switch {
		case measured:
		case asked[e.ID]:
			r = notRun(e, model.Interrupted)
			out.Interrupted = true
		default:
			r = notRun(e, model.NotSelected)
		}
		out.Results = append(out.Results, r)
	}
	return out
}

func notRun(e claim.Entry, reason string) claim.Result {
	return claim.Result{Claim: e.ID, Finding: claim.Finding{Verdict: claim.NotRun, Reason: reason}}
}
