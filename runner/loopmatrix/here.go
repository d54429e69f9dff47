package main

import (
	"context"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// beside measures this machine, and reads the published reports. All are judged by the rules of
// this version.
func (f runFlags) beside(ctx context.Context, o *outputs) (fresh model.Report, others []model.Report, err error) {
	if err := ready(f.quiet); err != nil {
		return fresh, nil, err
	}
	ctx, stop := interruptible(ctx, o)
	defer stop()
	reports, err := published.Reports(claim.Catalogue())
	if err != nil {
		return fresh, nil, toolError("published reports: %w", err)
	}
	for _, r := range reports {
		others = append(others, combine.Rejudge(r, claim.Catalogue()))
	}
	f.Kit = thisKit()
	plan, err := f.Plan()
	if err != nil {
		return fresh, nil, coded(err)
	}
	out, err := plan.Run(ctx, f.display())
	switch {
	case err != nil:
		return fresh, nil, coded(err)
	case out.Interrupted:
		return fresh, nil, toolError("interrupted; a run that is cut short is not compared")
	}
	return out.Report, others, nil
}

// freshFirst puts a fresh report before others, of which it takes the place of the one of its
// platform.
func freshFirst(fresh model.Report, others []model.Report) []model.Report {
	out := []model.Report{fresh}
	for _, r := range others {
		if r.Platform.ID != fresh.Platform.ID {
			out = append(out, r)
		}
	}
	return out
}

// here measures this machine and shows what it answers, and what the nearest published column
// answers otherwise; with all, every claim of all of them as well.
func (f runFlags) here(ctx context.Context, o *outputs, all bool, out string) error {
	fresh, others, err := f.beside(ctx, o)
	if err != nil {
		return err
	}
	t := plain()
	if out == "" || out == standardOutput {
		out, t = standardOutput, looking()
	}
	b, err := hereText(fresh, others, all, t)
	if err != nil {
		return toolError("%w", err)
	}
	return o.file("out", fileIn(out, "matrix"+suffixes["text"]), b)
}

func hereText(fresh model.Report, others []model.Report, all bool, t render.Terminal) ([]byte, error) {
	m := render.Machine{}
	var err error
	if m.Now, err = combine.Combine([]model.Report{fresh}, claim.Catalogue()); err != nil {
		return nil, err
	}
	if m.Others, err = combine.Combine(others, claim.Catalogue()); err != nil {
		return nil, err
	}
	nearest, chosen, _ := compare.Nearest(fresh.Platform, m.Others.Platforms)
	m.Nearest, m.Chosen = nearest.ID, chosen
	text := render.Here(m, t)
	if !all {
		return append(text, "\nloopmatrix matrix --all shows every claim here and in all published columns.\n"...), nil
	}
	table, err := combine.Combine(freshFirst(fresh, others), claim.Catalogue())
	if err != nil {
		return nil, err
	}
	return append(append(text, "\nEvery claim\n\n"...), render.Table(table, t)...), nil
}
