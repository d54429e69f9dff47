package session

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
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

// run is an outcome in which one claim gave this answer, beside a section of this part.
func run(t *testing.T, r model.Report, behaviour, part string, interrupted bool) Outcome {
	t.Helper()
	section, err := wire.Capture(r.Results[0].Claim + ": " + part)
	if err != nil {
		t.Fatal(err)
	}
	r.Results = slices.Clone(r.Results)
	r.Results[0].Finding = claim.Finding{Verdict: claim.Observed, Behaviour: behaviour}
	r.Results[0].Runs = model.Runs{N: 1, Same: 1}
	r.Run.Repeat = 1
	out := Outcome{Report: r, Interrupted: interrupted}
	out.attach(map[string][]claim.Capture{r.Results[0].Claim: {{Part: part, Bytes: section}}})
	return out
}

// TestRepeatedly joins runs. The capture is of the run whose answer is shown, and a run that was
// cut short counts only if there is no other.
func TestRepeatedly(t *testing.T) {
	r, _ := lacking(t, t.TempDir(), 0)
	first, again := run(t, r, "first", "1", false), run(t, r, "first", "2", false)
	other, cut := run(t, r, "other", "3", false), run(t, r, "cut", "4", true)
	broken := errors.New("no process")
	for name, c := range map[string]struct {
		runs        []any // an Outcome or an error each
		shown, part string
		n           int
		interrupted bool
		err         error
	}{
		"the most frequent":  {[]any{other, first, again}, "first", "1", 3, false, nil},
		"all the same":       {[]any{again, first, first}, "first", "2", 3, false, nil},
		"cut short":          {[]any{other, cut, first}, "other", "3", 1, true, nil},
		"cut short at first": {[]any{cut, first, first}, "cut", "4", 1, true, nil},
		"ended between two":  {[]any{first, errNothing, first}, "first", "1", 1, true, nil},
		"nothing":            {[]any{errNothing, first, first}, "", "", 0, true, errNothing},
		"an error":           {[]any{first, broken, first}, "", "", 0, false, broken},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			o := Defaults()
			o.Repeat, o.Capture = 3, true
			out, err := Plan{Options: o}.repeatedly(t.Context(), quiet, func(context.Context) (Outcome, error) {
				next := c.runs[0]
				c.runs = c.runs[1:]
				if err, is := next.(error); is {
					return Outcome{}, err
				}
				return next.(Outcome), nil
			})
			if c.err != nil {
				g.Expect(err).To(gomega.MatchError(c.err))
				return
			}
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(out.Interrupted).To(gomega.Equal(c.interrupted))
			g.Expect(out.Report.Run.Repeat).To(gomega.Equal(c.n))
			got := out.Report.Results[slices.IndexFunc(out.Report.Results, func(x model.Result) bool { return x.Claim == r.Results[0].Claim })]
			g.Expect(got.Behaviour).To(gomega.Equal(c.shown))
			sections, err := wire.Sections(out.Capture)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(sections).To(gomega.ConsistOf(gomega.HaveField("Comment", got.Claim+": "+c.part)))
			g.Expect(got.Evidence).To(gomega.ConsistOf(gomega.And(gomega.HaveField("SHA256", hash(string(out.Capture))), gomega.HaveField("Section", got.Claim+": "))))
		})
	}
}
