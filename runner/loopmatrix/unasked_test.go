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
	notSelected := results(claim.NotRun)
	notSelected[0].Reason = model.NotSelected
	const dead = "--sweep udp asked nothing: no marker"
	udp := model.Sweep{Protocol: "udp", Reason: "no marker"}
	for name, c := range map[string]struct {
		report model.Report
		claims bool
		asked  bool
		why    string
	}{
		"a dead sweep":              {model.Report{Sweeps: []model.Sweep{udp}}, false, false, dead},
		"two":                       {model.Report{Sweeps: []model.Sweep{udp, {Protocol: "tcp", Reason: "x"}}}, false, false, dead},
		"beside one that asked":     {model.Report{Sweeps: []model.Sweep{udp, {Protocol: "bind", Addresses: 1}}}, true, true, dead},
		"beside a claim":            {model.Report{Sweeps: []model.Sweep{udp}, Results: results(claim.Observed)}, true, true, dead},
		"the same, with baseline":   {model.Report{Sweeps: []model.Sweep{udp}, Results: results(claim.Observed)}, false, true, dead},
		"beside listeners that are": {model.Report{Sweeps: []model.Sweep{udp}, Capacity: &model.Capacity{Held: 1}}, false, true, dead},
		"one that began":            {model.Report{Sweeps: []model.Sweep{{Protocol: "udp", Addresses: 1, Reason: "x"}}}, true, true, ""},
		"no listeners":              {model.Report{Capacity: &model.Capacity{Reason: "EMFILE"}}, false, false, "--sweep listeners held nothing: EMFILE"},
		"listeners":                 {model.Report{Capacity: &model.Capacity{Held: 1}}, false, true, ""},
		"only shortages":            {model.Report{Results: results(claim.NotRun, claim.Inconclusive)}, true, false, "no claim has a sure answer: out of ports"},
		"with baseline":             {model.Report{Results: results(claim.Inconclusive)}, false, true, ""},
		"claims beside listeners":   {model.Report{Capacity: &model.Capacity{Held: 20}, Results: results(claim.Inconclusive)}, true, true, ""},
		"claims beside a sweep":     {model.Report{Sweeps: []model.Sweep{{Addresses: 1}}, Results: results(claim.Inconclusive)}, true, true, ""},
		"one answer":                {model.Report{Results: results(claim.Inconclusive, claim.Observed)}, true, true, ""},
		"none could be run here":    {model.Report{Results: results(claim.NotRun)}, true, false, "no claim has a sure answer: out of ports"},
		"none was selected":         {model.Report{Results: notSelected}, true, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			asked, why := unasked(c.report, c.claims)
			gomega.NewWithT(t).Expect([]any{asked, why}).To(gomega.Equal([]any{c.asked, c.why}))
		})
	}
}

// TestNothingCouldBeAsked ends runs that can't ask anything with 3, and says why.
func TestNothingCouldBeAsked(t *testing.T) {
	g := gomega.NewWithT(t)
	r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--claims", "v4.egress.dst.devbind")
	g.Expect(r.code).To(gomega.Equal(exitKit), r.stderr)
	g.Expect(r.stderr).To(gomega.ContainSubstring("no claim has a sure answer: "))
	g.Expect(loopmatrix(t, "run", "--quiet", "--claims", "none").code).To(gomega.Equal(exitFine))
}
