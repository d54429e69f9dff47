package main

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

const completeHelp = "measure only the claims that this `report` lacks, or those in a folder lack, and add\nthem to the one of the same platform"

// completing returns the flags with the claims selected that the reports lack which --complete names.
func (f runFlags) completing() (runFlags, error) {
	if f.complete == "" {
		return f, nil
	}
	if f.claims != "" || f.resume != "" || f.sweep != "" || f.away.bundle {
		return f, usage("--complete measures the claims that a report lacks, and nothing else; leave --claims, --resume and --sweep out")
	}
	m, err := load(f.complete)
	switch {
	case err != nil:
		return f, usage("--complete: %w", err)
	case m.matrix != nil:
		return f, usage("--complete: %s: it is a matrix; name a report, or a folder of reports", f.complete)
	}
	lacks := map[string]bool{}
	for _, r := range m.reports {
		if err := r.Intact(); err != nil {
			return f, usage("--complete: %w", err)
		}
		for _, id := range combine.Lacking(r, claim.Catalogue()) {
			lacks[id] = true
		}
	}
	selected := slices.DeleteFunc(ids(claim.Catalogue()), func(id string) bool { return !lacks[id] })
	if len(selected) == 0 {
		return f, usage("--complete: %s: no report there lacks a claim of this kit; there is nothing to measure", f.complete)
	}
	f.incomplete, f.claims = &baseline{m}, strings.Join(selected, ",")
	return f, nil
}

// completed returns the report that was to be completed, with what was measured of the claims that it lacks.
func (f runFlags) completed(fresh model.Report) (model.Report, error) {
	if f.incomplete == nil {
		return fresh, nil
	}
	r, has := f.incomplete.of(fresh.Platform.ID, true) // a single report of another platform is refused below
	if !has {
		return fresh, usage("--complete: %s has no report of %s, which was measured now; measure that one whole", f.complete, fresh.Platform.ID)
	}
	out, err := combine.Complete(r, fresh, claim.Catalogue())
	if err != nil {
		return fresh, usage("--complete: %w", err)
	}
	return out, nil
}
