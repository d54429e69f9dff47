package session

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestSummary(t *testing.T) {
	g := gomega.NewWithT(t)
	seen := func(counts ...int) (out observation.Set) {
		for _, n := range counts {
			out = append(out, observation.Observation{Op: "bind", Outcome: observation.OK, Count: n})
		}
		return out
	}
	r := model.Report{Run: model.Run{DurationMillis: 1234, Seed: 7, Repeat: 1}, Results: []model.Result{
		{Finding: claim.Finding{Verdict: claim.Conforms}, Observations: seen(1000, 600)},
		{Finding: claim.Finding{Verdict: claim.Inconclusive}, Observations: seen(12)},
		{Finding: claim.Finding{Verdict: claim.NotRun}}}}
	g.Expect(Summary(r)).To(gomega.Equal("1,612 probes for 2 of 3 claims in 1.2 s, seed 7"))
	r.Run.Repeat = 3
	g.Expect(Summary(r)).To(gomega.Equal("1,612 probes for 2 of 3 claims a run, 3 runs in 1.2 s, seed 7"))
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		g.Expect(render.Thousands(n)).To(gomega.Equal(want))
	}
}
