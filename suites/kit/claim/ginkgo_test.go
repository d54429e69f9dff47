package claim

import (
	"context"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// TestOverdue ends the context of specs and of private hosts that would never end.
func TestOverdue(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	hangs := func(*host.Host) observation.Set { <-never; return nil }
	for name, c := range map[string]struct {
		entry   Entry
		private host.Private
		want    string
	}{
		"a spec":         {entry("test.hangs", hangs), nil, "the spec did not end within 30s"},
		"a part here":    {Entry{Claim: whole(), Parts: []Part{{Name: "a", Here: true, Spec: hangs}}}, func(string, int, any) error { return nil }, "a: the spec did not end within 30s"},
		"a private host": {parts("yes"), func(string, int, any) error { <-never; return nil }, "a: the private host did not end in time"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			ctx, end := context.WithCancel(t.Context())
			end()
			r := Measure(ctx, c.entry, &host.Host{Private: c.private})
			g.Expect(r.Finding).To(gomega.Equal(Finding{Verdict: Inconclusive, Reason: c.want}))
			g.Expect(r.Observations.Op(Precondition).Outcome(observation.Timeout)).To(gomega.HaveLen(1))
		})
	}
	g := gomega.NewWithT(t)
	g.Expect(entry("test.spec", hangs).Limit()).To(gomega.Equal(Deadline))
	g.Expect(parts("yes", "no").Limit()).To(gomega.Equal(3*Deadline), "each part has its own deadline in its private host")
}

func TestReported(t *testing.T) {
	g := gomega.NewWithT(t)
	r := Result{Claim: "test.a", Finding: Finding{Verdict: Deviates, Behaviour: "no", Reason: "one of\ntwo"}}
	report := types.SpecReport{State: types.SpecStatePassed, ReportEntries: types.ReportEntries{{Name: "another's"}, {Value: types.WrapEntryValue(reported(r))}}}
	g.Expect(report.ReportEntries[1].StringRepresentation()).To(gomega.Equal("deviates no: one of two"))
	g.Expect(reported{Finding: Finding{Verdict: NotRun, Reason: "no cable"}}.String()).To(gomega.Equal("not-run: no cable"))
	got, measured := ResultOf(report)
	g.Expect(measured).To(gomega.BeTrue())
	g.Expect(got).To(gomega.Equal(r))
	for _, cut := range []types.SpecReport{
		{State: types.SpecStateInterrupted, ReportEntries: report.ReportEntries},
		{State: types.SpecStateAborted, ReportEntries: report.ReportEntries},
		{State: types.SpecStatePassed},
	} {
		_, measured := ResultOf(cut)
		g.Expect(measured).To(gomega.BeFalse(), "%v", cut.State)
	}
}

func TestFilter(t *testing.T) {
	g := gomega.NewWithT(t)
	for expr, want := range map[string][]string{
		"":                                {"v4.block.bind", "v4.egress.dst.default", "v4.egress.src.raw", "v6.src.select", "if.lo.mtu"},
		"level:must && !family:names":     {"v6.src.select"},
		"level:must-not && !headline":     {"v4.egress.src.raw"},
		"/^id:v4/ && headline":            {"v4.block.bind", "v4.egress.dst.default"},
		"level: containsAny {must, folk}": {"v4.block.bind", "v6.src.select"},
		"LEVEL:MUST":                      {"v6.src.select"},
		"rfc:1":                           nil,
	} {
		found, err := Filter(expr, selectable())
		g.Expect(err).NotTo(gomega.HaveOccurred(), expr)
		var ids []string
		for _, e := range found {
			ids = append(ids, e.ID)
		}
		g.Expect(ids).To(gomega.Equal(want), expr)
	}
	_, err := Filter("level:must &&", selectable())
	g.Expect(err).To(gomega.MatchError(`"level:must &&": Unexpected EOF.`))
	_, err = Filter("headline && (level:must", selectable())
	g.Expect(err).To(gomega.MatchError(`"headline && (level:must": Mismatched '(' - could not find matching ')'.`), "in one line, without colours")
}
