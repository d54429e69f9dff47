package main

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestUnasked wants an error of a run that could ask nothing, and none of one that has an answer.
func TestUnasked(t *testing.T) {
	results := func(verdicts ...claim.Verdict) (out []model.Result) {
		for _, v := range verdicts {
			out = append(out, model.Result{Finding: claim.Finding{Verdict: v, Reason: "out of ports"}})
		}
		return out
	}
	for name, c := range map[string]struct {
		report model.Report
		claims bool
		want   string
	}{
		"a dead sweep":            {model.Report{Sweeps: []model.Sweep{{Protocol: "udp", Reason: "no marker"}}}, false, "--sweep udp asked nothing: no marker"},
		"one that began":          {model.Report{Sweeps: []model.Sweep{{Protocol: "udp", Addresses: 1, Reason: "x"}}}, true, ""},
		"no listeners":            {model.Report{Capacity: &model.Capacity{Reason: "EMFILE"}}, false, "--sweep listeners held nothing: EMFILE"},
		"listeners":               {model.Report{Capacity: &model.Capacity{Held: 1}}, false, ""},
		"only shortages":          {model.Report{Results: results(claim.NotRun, claim.Inconclusive)}, true, "no claim has a sure answer: out of ports"},
		"the same, with baseline": {model.Report{Results: results(claim.Inconclusive)}, false, ""},
		"beside listeners":        {model.Report{Capacity: &model.Capacity{Held: 20}, Results: results(claim.Inconclusive)}, true, ""},
		"beside a sweep":          {model.Report{Sweeps: []model.Sweep{{Addresses: 1}}, Results: results(claim.Inconclusive)}, true, ""},
		"one answer":              {model.Report{Results: results(claim.Inconclusive, claim.Observed)}, true, ""},
		"none could be run here":  {model.Report{Results: results(claim.NotRun)}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			gomega.NewWithT(t).Expect(unasked(c.report, c.claims)).To(gomega.Equal(c.want))
		})
	}
}
