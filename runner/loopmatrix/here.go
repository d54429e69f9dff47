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

// beside measures this machine, and reads the published reports. All are judged by the rules of this version.
func (f runFlags) beside(ctx context.Context) (fresh model.Report, others []model.Report, err error) {
	if err := ready(f.quiet); err != nil {
		return fresh, nil, err
	}
	ctx, stop := interruptible(ctx, f.desk)
	defer stop()
	reports, err := published.Reports(claim.Catalogue())
	if err != nil {
		return fresh, nil, kit("published reports: %w", err)
	}
	for _, r := range reports {
		others = append(others, combine.Rejudge(r, claim.Catalogue()))
	}
	if f.seed, err = newSeed(); err != nil {
		return fresh, nil, kit("no seed: %w", err)
	}
	fresh, interrupted, err := measure(ctx, claim.Catalogue(), f)
	if err == nil && interrupted {
		err = kit("interrupted; a run that is cut short is not compared")
	}
	return fresh, others, err
}

// freshFirst puts a fresh report before others, of which it takes the place of the one of its platform.
func freshFirst(fresh model.Report, others []model.Report) []model.Report {
	out := []model.Report{fresh}
	for _, r := range others {
		if r.Platform.ID != fresh.Platform.ID {
			out = append(out, r)
		}
	}
	return out
}

// here measures this machine and shows what it answers, and what the nearest published column answers otherwise; with all,
// every claim of all of them as well.
func (f runFlags) here(ctx context.Context, all bool, out string) error {
	fresh, others, err := f.beside(ctx)
	if err != nil {
		return err
	}
	b, err := hereText(fresh, others, all, f.look(out))
	switch {
	case err != nil:
		return kit("%w", err)
	case out == "":
		return put(b)
	default:
		return f.desk.keep("out", in(out, "matrix"+suffixes["text"]), b)
	}
}

// look is how a text looks where it goes.
func (f runFlags) look(out string) render.Terminal {
	if out == "" || out == standardOutput {
		return looking()
	}
	return plain()
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
