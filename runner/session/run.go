package session

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/runner/progress"
	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Run measures this machine: the selected claims, then the sweeps, then listeners. The end of the
// context ends it with what was measured until then.
func (p Plan) Run(ctx context.Context, shown *progress.Display) (Outcome, error) {
	var out Outcome
	var err error
	if p.Repeat > 1 {
		out, err = p.repeatedly(ctx, shown, p.again)
	} else {
		out, err = p.once(ctx, shown)
	}
	if err != nil {
		return out, err
	}
	out.Report.Sweeps = p.sweeps
	if p.resumed != nil {
		if out.Report, err = resume(*p.resumed, out.Report); err != nil {
			return out, err
		}
	}
	if err := sweepAll(ctx, shown, &out, p.Keep); err != nil {
		return out, err
	}
	p.listen(ctx, shown, &out)
	return p.completed(out)
}

// once measures the claims in this process.
func (p Plan) once(ctx context.Context, shown *progress.Display) (out Outcome, err error) {
	if p.Stack != "" {
		return p.onStack(ctx, shown)
	}
	under := host.This(p.Seed)
	if len(p.Sample) > 0 {
		under.Sample = p.Sample
	}
	where, _ := platform.Detect(under.Network) // what it could not read stands in the report (State.Unknown)
	if where.Wire, err = wired(under, p.Wire, where); err != nil {
		return out, err
	}
	before := routes(under.Network)
	return p.measure(ctx, shown, under, where, func(results []claim.Result) {
		now, _ := platform.Detect(under.Network)
		what := changed(where, now)
		if rerouted(before, routes(under.Network)) {
			what = append(what, "routes")
		}
		if len(what) > 0 {
			unsettled(results, what)
		}
	})
}

// measure measures the claims on a host, and calls after with the results.
func (p Plan) measure(ctx context.Context, shown *progress.Display, under *host.Host, where model.Platform, after func([]claim.Result)) (out Outcome, err error) {
	line := shown.Show(len(p.selected), "")
	measured, err := engine.Run(ctx, claim.Catalogue(), p.selected, under, func(done, _ int, r claim.Result) {
		line.Set(done, r.Claim, fmt.Sprintf("%-12s %s", r.Verdict, r.Behaviour))
	})
	line.End()
	if err != nil {
		return out, err
	}
	after(measured.Results)
	out = Outcome{Interrupted: measured.Interrupted, Report: model.Report{
		Schema:   model.Schema,
		Kit:      p.Kit,
		Platform: where,
		Run: model.Run{ID: runID(under.Started), Started: under.Started.UTC().Truncate(time.Second),
			DurationMillis: time.Since(under.Started).Milliseconds(), Seed: p.Seed, Repeat: 1},
		Catalogue: ids(claim.Catalogue()),
	}}
	captures := map[string][]claim.Capture{}
	for _, r := range measured.Results {
		if r.Observations == nil {
			r.Observations = observation.Set{}
		}
		out.Report.Results = append(out.Report.Results,
			model.Result{Claim: r.Claim, Finding: r.Finding, Observations: r.Observations, Runs: model.Runs{N: 1, Same: 1}})
		captures[r.Claim] = r.Captures
	}
	if p.Capture {
		out.attach(captures)
	}
	return out, nil
}

// runID returns the time of the run and a random number, so that two runs never share one.
func runID(started time.Time) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never fails
	return started.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:])
}

// errNothing is the error of a run that was interrupted too early.
var errNothing = errors.New("interrupted before anything was measured")

// answer is what runs of a claim must share to count as the same.
type answer struct {
	claim, behaviour string
	verdict          claim.Verdict
}

// repeatedly measures the claims as often as asked for, each time in a fresh process with the same
// seed, and joins the reports. The end of the context ends the process that is under way, and no
// further one is started. Its partial report counts only if there is no other: what it lacks says
// nothing about what it would have shown. Of the captures it keeps those of the run whose
// observations stand in the report.
func (p Plan) repeatedly(ctx context.Context, shown *progress.Display, again func(context.Context) (Outcome, error)) (Outcome, error) {
	line := shown.Show(p.Repeat, "")
	defer line.End()
	var out Outcome
	var reports []model.Report
	captures := map[answer][]claim.Capture{} // of the first run that gave it
	for len(reports) < p.Repeat && !out.Interrupted {
		next, err := again(ctx)
		if errors.Is(err, errNothing) {
			out.Interrupted = true
			break
		}
		if err != nil {
			return out, fmt.Errorf("run %d of %d: %w", len(reports)+1, p.Repeat, err)
		}
		out.Interrupted = next.Interrupted
		if out.Interrupted && len(reports) > 0 {
			break
		}
		parts, err := next.detach()
		if err != nil {
			return out, fmt.Errorf("run %d of %d: %w", len(reports)+1, p.Repeat, err)
		}
		for _, r := range next.Report.Results {
			a := answer{r.Claim, r.Behaviour, r.Verdict}
			if _, has := captures[a]; !has {
				captures[a] = parts[r.Claim]
			}
		}
		reports = append(reports, next.Report)
		line.Set(len(reports), "run", Summary(next.Report))
		out.Interrupted = out.Interrupted || ctx.Err() != nil && len(reports) < p.Repeat
	}
	if len(reports) == 0 {
		return out, errNothing
	}
	var err error
	if out.Report, err = combine.Repeat(reports, claim.Catalogue()); err != nil {
		return out, fmt.Errorf("join the runs: %w", err)
	}
	if p.Capture {
		kept := map[string][]claim.Capture{}
		for _, r := range out.Report.Results {
			kept[r.Claim] = captures[answer{r.Claim, r.Behaviour, r.Verdict}]
		}
		out.attach(kept)
	}
	return out, nil
}

// again is one run in a fresh process of this program, which the target local starts as this user.
func (p Plan) again(ctx context.Context) (Outcome, error) {
	local, err := targets.Parse("local")
	if err != nil {
		return Outcome{}, err
	}
	var log bytes.Buffer
	returned, err := local.Measure(ctx, targets.Order{Flags: p.arguments(1), Limits: targets.Limits{Run: math.MaxInt64}, Log: &log, Step: func(string) {}})
	switch {
	case len(returned) > 0:
		out := Outcome{Interrupted: err != nil}
		out.Report, err = decode(returned[0].Report, "the report of the process")
		out.Capture = returned[0].Captures[CaptureName(out.Report)]
		return out, err
	case ctx.Err() != nil:
		return Outcome{}, errNothing
	default:
		return Outcome{}, err
	}
}

// Summary says how much was measured, in what time, and how to do the same again.
func Summary(r model.Report) string {
	claims, seconds := 0, float64(r.Run.DurationMillis)/1000
	for _, result := range r.Results {
		if result.Verdict != claim.NotRun {
			claims++
		}
	}
	runs := ""
	if r.Run.Repeat > 1 {
		runs = fmt.Sprintf(" a run, %d runs", r.Run.Repeat)
	}
	return fmt.Sprintf("%s probes for %d of %d claims%s in %.1f s, seed %d", render.Thousands(r.Probes()), claims, len(r.Results), runs, seconds, r.Run.Seed)
}
