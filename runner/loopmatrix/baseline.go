package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// baseline is what a run is expected to show, known deviations included; nil if nothing is.
type baseline struct{ measuring }

// readBaseline reads what --baseline names: a report, a folder of reports, or the published ones.
func readBaseline(name string) (*baseline, error) {
	if name == "" {
		return nil, nil
	}
	m, err := load(name)
	switch {
	case err != nil:
		return nil, usage("--baseline: %w", err)
	case m.matrix != nil:
		return nil, usage("--baseline: %s: it is a matrix, which holds no observations to judge anew; name the report", name)
	}
	return &baseline{m}, nil
}

// of is what is expected of a platform. A baseline of one report holds for the only report of a run, whatever the
// platforms, so that a kernel can be held against its predecessor.
func (b *baseline) of(platform string, only bool) (model.Report, bool) {
	if b.one && only {
		return b.reports[0], true
	}
	i := slices.IndexFunc(b.reports, func(r model.Report) bool { return r.Platform.ID == platform })
	if i < 0 {
		return model.Report{}, false
	}
	return b.reports[i], true
}

// conclude gives the exit code for the reports of a run. With a baseline it shows what differs from that, and of several
// reports the weightiest difference counts. A platform that the baseline does not have is judged by itself.
func (f runFlags) conclude(interrupted bool, reports ...model.Report) error {
	worst := model.Neutral
	for _, r := range reports {
		effect, err := f.effect(r, len(reports) == 1)
		if err != nil {
			return err
		}
		if slices.Index(model.Effects(), effect) < slices.Index(model.Effects(), worst) {
			worst = effect
		}
	}
	if interrupted {
		return kit("interrupted; what was measured until then is in the report")
	}
	return exitFor(worst)
}

// effect is what one report of a run means.
func (f runFlags) effect(r model.Report, only bool) (model.Effect, error) {
	if f.expected == nil {
		return alone(r), nil
	}
	old, has := f.expected.of(r.Platform.ID, only)
	if !has {
		fmt.Fprintf(os.Stderr, "loopmatrix: the baseline has no report of %s, which is judged without\n", r.Platform.ID)
		return alone(r), nil
	}
	c, err := compare.Reports(asked(old, r), asked(r, r), claim.Catalogue())
	if err != nil {
		return model.Worse, kit("the baseline: %w", err)
	}
	c = compare.Beyond(c)
	if f.out == standardOutput || f.junit == standardOutput || f.tap == standardOutput {
		_, err = os.Stderr.Write(render.ComparisonText(c, plain()))
	} else {
		err = put(fmt.Appendf(nil, "\n%s", render.ComparisonText(c, looking())))
	}
	return c.Effect, err
}

// alone is what a report means without a baseline: a MUST or a SHOULD must not deviate.
func alone(r model.Report) model.Effect {
	levels := map[string]claim.Level{}
	for _, e := range claim.Catalogue() {
		levels[e.ID] = e.Level
	}
	for _, result := range r.Results {
		if result.Verdict == claim.Deviates && levels[result.Claim].Binding() {
			return model.Worse
		}
	}
	if slices.ContainsFunc(r.Sweeps, func(s model.Sweep) bool { return s.Finding().Verdict == claim.Deviates }) {
		return model.Worse
	}
	return model.Neutral
}

// asked leaves in a report what a run was asked for and came to: what it left out on purpose, or did not get to before it
// was interrupted, says nothing about the host.
func asked(r, run model.Report) model.Report {
	left := map[string]bool{}
	for _, result := range run.Results {
		left[result.Claim] = result.Verdict == claim.NotRun && (result.Reason == model.NotSelected || result.Reason == model.Interrupted)
	}
	r.Results = slices.DeleteFunc(slices.Clone(r.Results), func(result model.Result) bool { return left[result.Claim] })
	return r
}
