package combine

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// works shows "yes" if every bind is OK.
func works(seen observation.Set) claim.Answer {
	if seen.Op("bind").AllOK() {
		return claim.Shows("yes", "all bound")
	}
	return claim.Shows("no", "it gave %v", seen.Errors())
}

func catalogue() []claim.Entry {
	var out []claim.Entry
	for _, id := range []string{"a.must", "b.must", "c.must"} {
		out = append(out, claim.Entry{Claim: claim.Claim{ID: id, Family: claim.Block, Level: claim.Must, Rule: works,
			Behaviours: []claim.Behaviour{{Word: "yes", Means: "it works", Conforms: true}, {Word: "no", Means: "it does not"}}}})
	}
	return out
}

func result(id string, v claim.Verdict, word string) model.Result {
	r := model.Result{Claim: id, Finding: claim.Finding{Verdict: v, Behaviour: word, Reason: "because"}, Runs: model.Runs{N: 1, Same: 1}}
	outcome := map[string]observation.Outcome{"yes": observation.OK, "no": observation.Refused}[word]
	if outcome != "" {
		r.Observations = observation.Set{{Op: "bind", Outcome: outcome, Count: 1}}
	}
	return r
}

func yes(id string) model.Result    { return result(id, claim.Conforms, "yes") }
func no(id string) model.Result     { return result(id, claim.Deviates, "no") }
func notRun(id string) model.Result { return result(id, claim.NotRun, "") }

func report(platform string, minute int, results ...model.Result) model.Report {
	return model.Report{Schema: 1, Kit: model.Kit{Version: "1.0.0"}, Platform: model.Platform{ID: platform, Title: platform},
		Run:     model.Run{ID: platform, Started: time.Date(2026, 3, 4, 5, minute, 0, 0, time.UTC), DurationMillis: 100, Seed: uint64(minute), Repeat: 1},
		Results: results, File: platform + ".json"}
}

func TestCombine(t *testing.T) {
	g := gomega.NewWithT(t)
	unstable := no("b.must")
	unstable.Runs = model.Runs{N: 5, Same: 3}
	reports := []model.Report{
		report("windows-11-amd64", 2, yes("a.must")),
		report("linux-6.12-amd64", 9, yes("a.must"), unstable, notRun("c.must")),
		report("freebsd-15.0-amd64", 1, no("a.must"), yes("b.must")),
	}
	m, err := Combine(reports, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var ids []string
	for _, p := range m.Platforms {
		ids = append(ids, p.ID)
	}
	g.Expect(ids).To(gomega.Equal([]string{"freebsd-15.0-amd64", "linux-6.12-amd64", "windows-11-amd64"}))
	g.Expect(m.Claims).To(gomega.HaveLen(3))
	g.Expect(m.Generated).To(gomega.Equal(reports[1].Run.Started))
	g.Expect(m.Platforms[1].Report).To(gomega.Equal("linux-6.12-amd64.json"))
	cell, _ := m.Cell("b.must", "linux-6.12-amd64")
	g.Expect(cell).To(gomega.Equal(model.Cell{Verdict: claim.Deviates, Behaviour: "no", Detail: "because", Unstable: "3 of 5"}))
	cell, measured := m.Cell("c.must", "linux-6.12-amd64")
	g.Expect(measured).To(gomega.BeTrue(), "what did not run is no gap")
	g.Expect(cell.Verdict).To(gomega.Equal(claim.NotRun))
	_, measured = m.Cell("c.must", "windows-11-amd64")
	g.Expect(measured).To(gomega.BeFalse(), "nobody measured it: neither yes nor no")

	want, err := model.Encode(m)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for range 6 { // every order gives the same bytes, and the input stays as it is
		reports = append(reports[1:], reports[0])
		if reports[0].Platform.ID > reports[1].Platform.ID {
			reports[0], reports[1] = reports[1], reports[0]
		}
		before := slices.Clone(reports)
		again, err := Combine(reports, catalogue())
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(model.Encode(again)).To(gomega.Equal(want))
		g.Expect(reports).To(gomega.Equal(before))
	}
}

func TestCombineNothing(t *testing.T) {
	g := gomega.NewWithT(t)
	m, err := Combine(nil, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(m.Claims).To(gomega.HaveLen(3))
	g.Expect(m.Platforms).To(gomega.BeEmpty())
	g.Expect(m.Cells).To(gomega.BeEmpty())
}

// uncombinable says whether reports can't be combined for a reason of type E.
func uncombinable[E error](t *testing.T, message string, reports ...model.Report) {
	t.Helper()
	g := gomega.NewWithT(t)
	m, err := Combine(reports, catalogue())
	_, is := errors.AsType[E](err)
	g.Expect(is).To(gomega.BeTrue(), "%v", err)
	g.Expect(err).To(gomega.MatchError(message))
	g.Expect(m).To(gomega.Equal(model.Matrix{}))
}

func TestUncombinable(t *testing.T) {
	a := report("linux-6.12-amd64", 1, yes("a.must"))
	twin := a
	twin.File = "copy.json"
	uncombinable[*SamePlatform](t, `copy.json and linux-6.12-amd64.json are both of the platform "linux-6.12-amd64"; leave one out, or measure with --repeat to join runs`, a, twin)
	other := a
	other.Schema = 3
	uncombinable[*OtherSchema](t, "linux-6.12-amd64.json: schema: version 3 is unknown; this kit reads those up to 2", other)
	uncombinable[*UnsafePlatform](t, `../x.json: platform.id: "../x" is no id of a platform; it takes lower case letters, digits, dots and dashes`, report("../x", 1))
	uncombinable[*UnknownClaim](t, `linux-6.12-amd64.json: "z.must" is no claim of this catalogue; is the report from a newer kit?`, report("linux-6.12-amd64", 1, yes("z.must")))
	uncombinable[*SameClaim](t, "linux-6.12-amd64.json: there are two results for a.must; remove one", report("linux-6.12-amd64", 1, yes("a.must"), no("a.must")))
	uncombinable[*UnknownVerdict](t, `linux-6.12-amd64.json: a.must: "maybe" is no verdict`, report("linux-6.12-amd64", 1, result("a.must", "maybe", "yes")))

	g := gomega.NewWithT(t)
	_, err := Combine([]model.Report{a, twin, other, report("../x", 1)}, catalogue())
	all, is := errors.AsType[*multierror.Error](err)
	g.Expect(is).To(gomega.BeTrue())
	g.Expect(all.Errors).To(gomega.HaveLen(4), "all at once: %v", err)
}

func TestRejudge(t *testing.T) {
	g := gomega.NewWithT(t)
	wrong := yes("a.must")
	wrong.Observations[0].Outcome = observation.Timeout
	gone := yes("gone.claim")
	r := report("linux-6.12-amd64", 1, wrong, notRun("b.must"), gone)
	again := Rejudge(r, catalogue())
	g.Expect(again.Results[0].Finding).To(gomega.Equal(claim.Finding{Verdict: claim.Deviates, Behaviour: "no", Reason: "it gave [timeout]"}))
	g.Expect(again.Results[1]).To(gomega.Equal(r.Results[1]))
	g.Expect(again.Results[2]).To(gomega.Equal(gone))
	g.Expect(r.Results[0].Verdict).To(gomega.Equal(claim.Conforms), "the report that was given stays as it is")
}
