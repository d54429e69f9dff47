package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// TestBaseline runs claims against baselines in which other things were observed.
func TestBaseline(t *testing.T) {
	r, _ := whole()
	worse, what := turned(t, r)
	better := worse // as a baseline, it has a deviation that is none here
	unmeasured := r
	unmeasured.Results = notMeasured(r.Results, what)
	unsure, also := doubtful(t, r)
	for name, c := range map[string]struct {
		baseline model.Report
		claims   string
		code     int
		says     []string
	}{
		"as it was":                 {r, what, exitFine, []string{"Nothing has changed.", "1 answer was compared, 1 the same."}},
		"a stale one":               {better, what, exitBetter, []string{"as a baseline the old one is stale: 1 better.", what}},
		"what it did not measure":   {unmeasured, what, exitFine, []string{"Nothing is worse: 1 neutral.", "Newly measured"}},
		"what it was not sure of":   {unsure, also, exitFine, []string{"Nothing is worse: 1 neutral.", "Newly measured"}},
		"only the asked ones count": {better, "none", exitFine, []string{"Nothing was compared"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			ended := loopmatrix(t, "run", "--quiet", "--seed", "1", "--claims", c.claims, "--baseline", saved(t, c.baseline))
			g.Expect(ended.code).To(gomega.Equal(c.code), ended.stdout+ended.stderr)
			for _, s := range c.says {
				g.Expect(ended.stdout).To(gomega.ContainSubstring(s))
			}
		})
	}
}

// notMeasured replaces the result of a claim by that of a run that left it out.
func notMeasured(results []model.Result, id string) (out []model.Result) {
	for _, r := range results {
		if r.Claim == id {
			r = model.Result{Claim: id, Finding: observe.Finding{Verdict: observe.NotRun, Reason: engine.NotSelected}, Observations: observe.Set{}, Runs: r.Runs}
		}
		out = append(out, r)
	}
	return out
}

// TestKnownDeviations finds a deviation that binds on this host: it fails the run by itself, and not with a baseline that
// knows it. A baseline where it conformed makes it a failure again.
func TestKnownDeviations(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := whole()
	known := ""
	for _, result := range r.Results {
		if e := entry(result.Claim); result.Verdict == observe.Deviates && e.Level.Binding() && e.Family != claim.Names && slices.Contains(e.Gates, claim.Unprivileged) { // one that needs no wire
			known = result.Claim
		}
	}
	if known == "" {
		t.Skip("nothing that binds deviates here")
	}
	path := filepath.Join(t.TempDir(), "now.json")
	g.Expect(loopmatrix(t, "run", "--quiet", "--claims", known, "--out", path).code).To(gomega.Equal(exitDeviates))
	for _, more := range [][]string{{}, {"--repeat", "2"}, {"--as", "root", "--wire", "off"}} {
		if len(more) == 4 && os.Geteuid() != 0 {
			continue
		}
		now := filepath.Join(t.TempDir(), "now.json")
		ended := loopmatrix(t, append([]string{"run", "--quiet", "--claims", known, "--baseline", path, "--out", now}, more...)...)
		g.Expect(ended.code).To(gomega.Equal(exitFine), "%v: %s", more, ended.stderr)
		g.Expect(ended.stdout).To(gomega.ContainSubstring("Nothing has changed."), "%v", more)
		result := read(t, now).Results
		g.Expect(result).To(gomega.ContainElement(gomega.And(gomega.HaveField("Claim", known), gomega.HaveField("Finding.Verdict", observe.Deviates))),
			"it is measured all the same")
	}
	conformed := r
	conformed.Results = nil
	for _, result := range r.Results {
		if result.Claim == known {
			result.Observations = conforming(t, known)
		}
		conformed.Results = append(conformed.Results, result)
	}
	ended := loopmatrix(t, "run", "--quiet", "--claims", known, "--baseline", saved(t, conformed), "--out", "-")
	g.Expect(ended.code).To(gomega.Equal(exitDeviates))
	g.Expect(ended.stderr).To(gomega.And(gomega.ContainSubstring("Worse than before: 1 worse."), gomega.ContainSubstring(known)), "stdout holds the report")
	_, err := model.Decode(strings.NewReader(ended.stdout), "stdout", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
}

// conforming are observations of a claim on a system where it conforms, as they were measured once.
func conforming(t *testing.T, id string) observe.Set {
	t.Helper()
	e := entry(id)
	names, err := filepath.Glob("../combine/testdata/measured/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		r, err := model.Read(name, claim.Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range r.Results {
			if result.Claim == id && result.Judge(e).Verdict == observe.Conforms {
				return result.Observations
			}
		}
	}
	t.Skipf("%s conforms on no system that was stored", id)
	return nil
}

// TestBaselinesOfSeveral judges several reports: each against that of its platform, the weightiest difference counts, and
// what no baseline has is judged by itself.
func TestBaselinesOfSeveral(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := whole()
	worse, _ := turned(t, r)
	unclear, _ := doubtful(t, r)
	on := func(id string, r model.Report) model.Report {
		r.Platform.ID = id
		return r
	}
	f := runFlags{tap: standardOutput} // what differs goes to standard error, which go test shows
	f.expected = &baseline{measuring{reports: []model.Report{on("a-1", r), on("b-2", worse), on("c-3", r)}}}
	for _, c := range []struct {
		reports []model.Report
		want    int
	}{
		{[]model.Report{on("a-1", r), on("c-3", r)}, exitFine},
		{[]model.Report{on("a-1", r), on("b-2", r)}, exitBetter},
		{[]model.Report{on("a-1", unclear), on("b-2", r)}, exitKit},
		{[]model.Report{on("b-2", r), on("a-1", unclear), on("c-3", worse)}, exitDeviates},
		{[]model.Report{on("d-4", unclear)}, codeOf(runFlags{}.conclude(false, unclear))},
		{[]model.Report{on("d-4", worse)}, exitDeviates},
	} {
		g.Expect(codeOf(f.conclude(false, c.reports...))).To(gomega.Equal(c.want))
		g.Expect(codeOf(f.conclude(true, c.reports...))).To(gomega.Equal(exitKit), "interrupted")
	}
	f.expected = &baseline{measuring{reports: []model.Report{on("a-1", r)}, one: true}}
	g.Expect(codeOf(f.conclude(false, on("z-9", worse)))).To(gomega.Equal(exitDeviates), "one with one, whatever the platforms")
	g.Expect(codeOf(f.conclude(false, on("z-9", r)))).To(gomega.Equal(exitFine))
}
