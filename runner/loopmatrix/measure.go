package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/runner/platform"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// measure runs the selected claims in this process and makes the report.
func measure(ctx context.Context, selected []claim.Entry, f runFlags) (r model.Report, interrupted bool, err error) {
	under := host.This(f.seed)
	where, _ := platform.Detect(under.Network) // what it could not read stands in the report (State.Unknown)
	if where.Wire, err = wired(under, f.wire, where); err != nil {
		return r, false, err
	}
	id, err := runID(under.Started)
	if err != nil {
		return r, false, kit("no run id: %w", err)
	}
	shown := f.display().Show(len(selected), "")
	out, err := engine.Run(ctx, claim.Catalogue(), selected, under, func(done, _ int, r claim.Result) {
		shown.Set(done, r.Claim, fmt.Sprintf("%-12s %s", r.Verdict, r.Behaviour))
	})
	shown.End()
	if err != nil {
		return r, false, kit("%w", err)
	}
	measured, err := f.results(out.Results)
	if err != nil {
		return r, false, err
	}
	return model.Report{
		Schema:   model.Schema,
		Kit:      thisKit(),
		Platform: where,
		Run: model.Run{ID: id, Started: under.Started.UTC().Truncate(time.Second),
			DurationMillis: time.Since(under.Started).Milliseconds(), Seed: f.seed, Repeat: 1},
		Catalogue: ids(claim.Catalogue()),
		Results:   measured,
	}, out.Interrupted, nil
}

// ids returns the ids of claims.
func ids(entries []claim.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}

// runID is the time of the run and a random number, so that two runs never share one.
func runID(started time.Time) (string, error) {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return started.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:]), nil
}

// results turns what was measured into entries of a report, and writes the captures into a folder if the flags name one.
func (f runFlags) results(measured []claim.Result) ([]model.Result, error) {
	out := make([]model.Result, len(measured))
	for i, r := range measured {
		seen := r.Observations
		if seen == nil {
			seen = observation.Set{}
		}
		out[i] = model.Result{Claim: r.Claim, Finding: r.Finding, Observations: seen, Runs: model.Runs{N: 1, Same: 1}}
		if f.pcap == "" || len(r.Captures) == 0 {
			continue
		}
		evidence, err := f.capture(r)
		if err != nil {
			return nil, err
		}
		out[i].Evidence = []model.Evidence{evidence}
	}
	return out, nil
}
