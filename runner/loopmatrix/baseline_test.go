package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestBaseline runs claims against baselines in which other things were observed.
func TestBaseline(t *testing.T) {
	unable.Long(t, "it measures once for each baseline")
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
			r = model.Result{Claim: id, Finding: claim.Finding{Verdict: claim.NotRun, Reason: model.NotSelected}, Observations: observation.Set{}, Runs: r.Runs}
		}
		out = append(out, r)
	}
	return out
}

// knownClaim is a claim that only this test has, and only in the commands that it starts: one that
// binds, and conforms or deviates on every system as the environment variable of this name says.
const knownClaim = "LOOPMATRIX_KNOWN_CLAIM"

func declareKnown() {
	claim.It(claim.Claim{
		ID: "test.known", Family: claim.Block, Level: claim.Must, Gates: []claim.Gate{claim.Unprivileged},
		Source: claim.Source{Note: "a test"}, Sentence: "This test conforms.", Question: "Does this test conform?",
		Behaviours: []claim.Behaviour{{Word: "conforms", Means: "it does", Conforms: true}, {Word: "deviates", Means: "it does not"}},
		NoFault:    "it is made up",
		Rule:       func(seen observation.Set) claim.Answer { return claim.Shows(seen[0].Value, "as the test says") },
	}, func(*host.Host) observation.Set {
		return observation.Set{{Op: "ask", Outcome: observation.OK, Value: os.Getenv(knownClaim), Count: 1}}
	})
}

// runKnown measures that claim as it is said to be, and gives its verdict.
func runKnown(t *testing.T, is, out string, args ...string) (ran, claim.Verdict) {
	t.Helper()
	c := prepared(append([]string{"run", "--quiet", "--claims", "test.known", "--out", out}, args...)...)
	c.Env = append(c.Env, knownClaim+"="+is)
	ended := end(t, c)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err, ended.stderr)
	}
	var r model.Report // no catalogue of this process has the claim, so no reader of reports would take it
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for _, result := range r.Results {
		if result.Claim == "test.known" {
			return ended, result.Verdict
		}
	}
	t.Fatal("it was not measured")
	return ran{}, ""
}

// TestKnownDeviations has a deviation that binds: it fails the run by itself, and not with a
// baseline that knows it, though it is measured all the same. A baseline where it conformed makes
// it a failure again, and one that is stale says so.
func TestKnownDeviations(t *testing.T) {
	g := gomega.NewWithT(t)
	deviates, conforms, now := filepath.Join(t.TempDir(), "deviates.json"), filepath.Join(t.TempDir(), "conforms.json"), filepath.Join(t.TempDir(), "now.json")
	alone, verdict := runKnown(t, "deviates", deviates)
	g.Expect(alone.code).To(gomega.Equal(exitDeviates), alone.stderr)
	g.Expect(verdict).To(gomega.Equal(claim.Deviates))
	ways := [][]string{{}, {"--repeat", "2"}}
	if os.Geteuid() == 0 {
		ways = append(ways, []string{"--as", "root", "--wire", "off"})
	}
	for _, more := range ways {
		ended, verdict := runKnown(t, "deviates", now, append([]string{"--baseline", deviates}, more...)...)
		g.Expect(ended.code).To(gomega.Equal(exitFine), "%v: %s", more, ended.stderr)
		g.Expect(ended.stdout).To(gomega.ContainSubstring("Nothing has changed."), "%v", more)
		g.Expect(verdict).To(gomega.Equal(claim.Deviates), "it is measured all the same")
	}
	fine, verdict := runKnown(t, "conforms", conforms)
	g.Expect(fine.code).To(gomega.Equal(exitFine), fine.stderr)
	g.Expect(verdict).To(gomega.Equal(claim.Conforms))
	worse, _ := runKnown(t, "deviates", now, "--baseline", conforms)
	g.Expect(worse.code).To(gomega.Equal(exitDeviates))
	g.Expect(worse.stdout).To(gomega.And(gomega.ContainSubstring("Worse than before: 1 worse."), gomega.ContainSubstring("test.known")))
	stale, _ := runKnown(t, "conforms", now, "--baseline", deviates)
	g.Expect(stale.code).To(gomega.Equal(exitBetter))
	unmeasured := filepath.Join(t.TempDir(), "unmeasured.json")
	_, verdict = runKnown(t, "deviates", unmeasured, "--claims", "none")
	g.Expect(verdict).To(gomega.Equal(claim.NotRun))
	beyond, _ := runKnown(t, "deviates", now, "--baseline", unmeasured)
	g.Expect(beyond.code).To(gomega.Equal(exitDeviates), "a baseline without an answer does not allow it")
	g.Expect(beyond.stdout).To(gomega.ContainSubstring("Newly measured (worse)"))
}

// TestBaselineBesideAReport keeps standard output for the report.
func TestBaselineBesideAReport(t *testing.T) {
	unable.Long(t, "it measures once for each baseline")
	g := gomega.NewWithT(t)
	r, _ := whole()
	_, what := turned(t, r)
	ended := loopmatrix(t, "run", "--quiet", "--seed", "1", "--claims", what, "--baseline", saved(t, r), "--out", "-")
	g.Expect(ended.code).To(gomega.Equal(exitFine), ended.stderr)
	g.Expect(ended.stderr).To(gomega.ContainSubstring("Nothing has changed."))
	_, err := model.Decode(strings.NewReader(ended.stdout), "stdout", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
}

// TestBaselinesOfSeveral judges several reports: each against that of its platform, the weightiest
// difference counts, and what no baseline has is judged by itself.
func TestBaselinesOfSeveral(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := whole()
	worse, _ := turned(t, r)
	unclear, _ := doubtful(t, r)
	on := func(id string, r model.Report) model.Report {
		r.Platform.ID = id
		return r
	}
	m := &measuring{runFlags: runFlags{tap: standardOutput}} // what differs goes to standard error, which go test shows
	m.expected = &compare.Side{Reports: []model.Report{on("a-1", r), on("b-2", worse), on("c-3", r)}}
	for _, c := range []struct {
		reports []model.Report
		want    int
	}{
		{[]model.Report{on("a-1", r), on("c-3", r)}, exitFine},
		{[]model.Report{on("a-1", r), on("b-2", r)}, exitBetter},
		{[]model.Report{on("a-1", unclear), on("b-2", r)}, exitKit},
		{[]model.Report{on("b-2", r), on("a-1", unclear), on("c-3", worse)}, exitDeviates},
		{[]model.Report{on("d-4", unclear)}, codeOf((&measuring{}).conclude(false, unclear))},
		{[]model.Report{on("d-4", worse)}, exitDeviates},
	} {
		g.Expect(codeOf(m.conclude(false, c.reports...))).To(gomega.Equal(c.want))
		g.Expect(codeOf(m.conclude(true, c.reports...))).To(gomega.Equal(exitKit), "interrupted")
	}
	m.expected = &compare.Side{Reports: []model.Report{on("a-1", r)}, Single: true}
	g.Expect(codeOf(m.conclude(false, on("z-9", worse)))).To(gomega.Equal(exitDeviates), "one with one, whatever the platforms")
	g.Expect(codeOf(m.conclude(false, on("z-9", r)))).To(gomega.Equal(exitFine))
}
