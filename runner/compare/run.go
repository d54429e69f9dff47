package compare

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Alone returns what the report of a run means without a baseline: a MUST or a SHOULD must not
// deviate.
func Alone(r model.Report, catalogue []claim.Entry) model.Effect {
	levels := map[string]claim.Level{}
	for _, e := range catalogue {
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

// Expected compares the report of a run with what a baseline expects. What the run left out on
// purpose, or did not come to before it was interrupted, says nothing about the host.
func Expected(baseline, run model.Report, catalogue []claim.Entry) (model.Comparison, error) {
	left := map[string]bool{}
	for _, result := range run.Results {
		left[result.Claim] = result.Verdict == claim.NotRun && (result.Reason == model.NotSelected || result.Reason == model.Interrupted)
	}
	for _, r := range []*model.Report{&baseline, &run} {
		r.Results = slices.DeleteFunc(slices.Clone(r.Results), func(result model.Result) bool { return left[result.Claim] })
	}
	c, err := Reports(baseline, run, catalogue)
	return Beyond(c), err
}

// Worst returns the effect that weighs most, Neutral of none.
func Worst(effects ...model.Effect) model.Effect {
	worst := model.Neutral
	for _, e := range effects {
		if rank(model.Effects(), e) < rank(model.Effects(), worst) {
			worst = e
		}
	}
	return worst
}
