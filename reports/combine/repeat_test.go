package combine

import (
	"errors"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

const here = "linux-6.12-amd64"

func TestRepeat(t *testing.T) {
	g := gomega.NewWithT(t)
	second := no("a.must")
	second.Observations[0].AtMicros = 2
	fourth := no("a.must")
	fourth.Observations[0].AtMicros = 4
	out, err := Repeat([]model.Report{
		report(here, 4, fourth, yes("b.must")),
		report(here, 1, yes("a.must"), yes("b.must")),
		report(here, 2, second, yes("b.must"), notRun("c.must")),
		report(here, 3, result("a.must", claim.Inconclusive, ""), yes("b.must"), notRun("c.must")),
	}, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(out.Run.Repeat).To(gomega.Equal(4))
	g.Expect(out.Run.DurationMillis).To(gomega.BeEquivalentTo(400))
	g.Expect(out.Run.Seed).To(gomega.BeEquivalentTo(1), "that of the earliest")
	g.Expect(out.Results).To(gomega.HaveLen(3))
	a := out.Results[0]
	g.Expect(a.Finding.Behaviour).To(gomega.Equal("no"))
	g.Expect(a.Observations[0].AtMicros).To(gomega.BeEquivalentTo(2), "the first run that showed it")
	g.Expect(a.Runs).To(gomega.Equal(model.Runs{N: 4, Same: 2, Also: []model.Alternative{
		{Verdict: claim.Inconclusive, Times: 1}, {Verdict: claim.Conforms, Behaviour: "yes", Times: 1}}}))
	g.Expect(out.Results[1].Runs).To(gomega.Equal(model.Runs{N: 4, Same: 4}))
	g.Expect(out.Results[2].Runs).To(gomega.Equal(model.Runs{N: 2, Same: 2}))
	m, err := Combine([]model.Report{out}, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(m.Cells["a.must"][here].Unstable).To(gomega.Equal("2 of 4"))
	g.Expect(m.Cells["b.must"][here].Unstable).To(gomega.BeEmpty())
}

func TestATieGoesToWhatNeedsAttention(t *testing.T) {
	g := gomega.NewWithT(t)
	out, err := Repeat([]model.Report{report(here, 1, yes("a.must")), report(here, 2, no("a.must"))}, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(out.Results[0].Verdict).To(gomega.Equal(claim.Deviates))
	g.Expect(out.Results[0].Runs.Same).To(gomega.Equal(1))
}

func TestRepeatedReportsCanBeJoinedAgain(t *testing.T) {
	g := gomega.NewWithT(t)
	join := func(reports ...model.Report) model.Report {
		t.Helper()
		out, err := Repeat(reports, catalogue())
		g.Expect(err).NotTo(gomega.HaveOccurred())
		return out
	}
	one := join(report(here, 1, yes("a.must")), report(here, 2, yes("a.must")), report(here, 3, no("a.must")))
	two := join(report(here, 4, no("a.must")), report(here, 5, no("a.must")))
	whole := join(one, two)
	g.Expect(whole.Run.Repeat).To(gomega.Equal(5))
	g.Expect(whole.Results[0].Behaviour).To(gomega.Equal("no"))
	g.Expect(whole.Results[0].Runs).To(gomega.Equal(model.Runs{N: 5, Same: 3, Also: []model.Alternative{{Verdict: claim.Conforms, Behaviour: "yes", Times: 2}}}))

	// What is modal over all, but in no part, has no observations that could be shown.
	three := func(from int, modal model.Result) model.Report {
		return join(report(here, from, modal), report(here, from+1, modal), report(here, from+2, modal), report(here, from+3, no("a.must")), report(here, from+4, no("a.must")))
	}
	whole = join(three(1, yes("a.must")), three(6, result("a.must", claim.NotRun, "")))
	g.Expect(whole.Results[0].Behaviour).To(gomega.Equal("yes"))
	g.Expect(whole.Results[0].Runs).To(gomega.Equal(model.Runs{N: 10, Same: 3, Also: []model.Alternative{
		{Verdict: claim.Deviates, Behaviour: "no", Times: 4}, {Verdict: claim.NotRun, Times: 3}}}))
}

func TestWhatCantBeJoined(t *testing.T) {
	g := gomega.NewWithT(t)
	_, err := Repeat(nil, catalogue())
	_, is := errors.AsType[*NoReports](err)
	g.Expect(is).To(gomega.BeTrue())
	g.Expect(err).To(gomega.MatchError("there is no report to join"))
	_, err = Repeat([]model.Report{report(here, 1), report("macos-15-arm64", 2)}, catalogue())
	_, is = errors.AsType[*OtherPlatform](err)
	g.Expect(is).To(gomega.BeTrue())
	g.Expect(err).To(gomega.MatchError(`macos-15-arm64.json: platform.id: "macos-15-arm64" is not "linux-6.12-amd64"; only runs on one platform can be joined`))
}
