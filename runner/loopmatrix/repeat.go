package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// repeated measures f.repeat times, each time in a fresh process with the same seed, and joins the reports. The end of
// the context ends the process that is under way, and no further one is started. Its partial report counts only if there
// is no other: what it lacks says nothing about what it would have shown.
func repeated(ctx context.Context, f runFlags) (report model.Report, interrupted bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return report, false, kit("which program this is: %w", err)
	}
	shown := f.display().Show(f.repeat, "")
	defer shown.End()
	var reports []model.Report
	for len(reports) < f.repeat && !interrupted {
		var one *model.Report
		one, interrupted, err = again(ctx, self, f)
		if err != nil {
			return report, false, kit("run %d of %d: %w", len(reports)+1, f.repeat, err)
		}
		if one != nil && (!interrupted || len(reports) == 0) {
			reports = append(reports, *one)
			shown.Set(len(reports), "run", summary(*one))
		}
		interrupted = interrupted || ctx.Err() != nil && len(reports) < f.repeat
	}
	if len(reports) == 0 {
		return report, true, kit("interrupted before anything was measured")
	}
	report, err = combine.Repeat(reports, claim.Catalogue())
	if err != nil {
		return report, false, kit("join the runs: %w", err)
	}
	return report, interrupted, nil
}

// again is one run in a fresh process. Its exit code tells a deviation or an interrupt, both with a report. A process
// that is interrupted before it listens to signals leaves none.
func again(ctx context.Context, self string, f runFlags) (r *model.Report, interrupted bool, err error) {
	child := exec.CommandContext(ctx, self, "run", "--quiet", "--out", standardOutput, "--claims", f.claims, "--wire", f.wire,
		"--seed", strconv.FormatUint(f.seed, 10))
	var out, complaints bytes.Buffer
	child.Stdout, child.Stderr = &out, &complaints
	apart(child)
	err = child.Run()
	code := child.ProcessState.ExitCode()
	switch {
	case ctx.Err() != nil && out.Len() == 0:
		return nil, true, nil
	case err != nil && (code < 0 || code == exitUsage || out.Len() == 0):
		return nil, false, fmt.Errorf("%w: %s", err, bytes.TrimSpace(complaints.Bytes()))
	}
	one, err := model.Decode(&out, "the report of the process", claim.Catalogue())
	if err == nil {
		err = arrived(one)
	}
	return &one, code == exitKit, err
}
