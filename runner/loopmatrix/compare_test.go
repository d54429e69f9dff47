package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// saved writes a report into a new folder.
func saved(t *testing.T, r model.Report) string {
	t.Helper()
	b, err := session.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "r.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// turned is a report in which other things were observed for one claim that conforms, so that it
// deviates now. It looks for observations that its rule understands.
func turned(t *testing.T, r model.Report) (model.Report, string) {
	t.Helper()
	return altered(t, r, claim.Conforms, claim.Deviates, all(observation.Timeout), all(observation.Refused), all(observation.Unavailable))
}

// doubtful is a report in which nothing was observed for one claim that conforms, so that its rule
// can't tell any more.
func doubtful(t *testing.T, r model.Report) (model.Report, string) {
	t.Helper()
	return altered(t, r, claim.Conforms, claim.Inconclusive, func(observation.Set) observation.Set { return observation.Set{} })
}

// all gives every observation this outcome.
func all(o observation.Outcome) func(observation.Set) observation.Set {
	return func(seen observation.Set) observation.Set {
		other := slices.Clone(seen)
		for j := range other {
			other[j].Outcome = o
		}
		return other
	}
}

func altered(t *testing.T, r model.Report, from, to claim.Verdict, others ...func(observation.Set) observation.Set) (model.Report, string) {
	t.Helper()
	for i, measured := range r.Results {
		e, result := entry(measured.Claim), measured
		if result.Verdict != from || !e.Level.Binding() || e.Family == claim.Names {
			continue
		}
		for _, other := range others {
			result.Observations = other(measured.Observations)
			if found := result.Judge(e); found.Verdict == to {
				r.Results = slices.Clone(r.Results)
				result.Finding = found
				r.Results[i] = result
				return r, result.Claim
			}
		}
	}
	t.Fatalf("no claim that %s could be made %s", from, to)
	return r, ""
}

func TestCompare(t *testing.T) {
	r, _ := whole()
	worse, what := turned(t, r)
	unclear, _ := doubtful(t, r)
	both, _ := doubtful(t, worse)
	fine, bad, lost, mixed := saved(t, r), saved(t, worse), saved(t, unclear), saved(t, both)
	for _, c := range []struct {
		old, now string
		code     int
		says     []string
	}{
		{fine, fine, exitFine, []string{"Nothing has changed."}},
		{fine, bad, exitDeviates, []string{"Worse than before: 1 worse.", "Newly deviating (worse)", what}},
		{bad, fine, exitBetter, []string{"the old one is stale: 1 better.", "Newly conforming (better)", what}},
		{fine, lost, exitKit, []string{"No longer sure of everything: 1 unclear.", "Newly inconclusive (unclear)"}},
		{lost, fine, exitFine, []string{"Nothing is worse: 1 neutral.", "Newly measured"}},
		{fine, mixed, exitDeviates, []string{"1 worse, 1 unclear."}},
		{lost, mixed, exitDeviates, []string{"Worse than before: 1 worse."}},
		{bad, lost, exitKit, []string{"1 unclear, 1 better."}},
	} {
		g := gomega.NewWithT(t)
		ended := loopmatrix(t, "compare", c.old, c.now)
		g.Expect(ended.code).To(gomega.Equal(c.code), ended.stdout)
		g.Expect(ended.stderr).To(gomega.BeEmpty())
		for _, s := range append(c.says, "were judged by the rules of this version") {
			g.Expect(strings.Join(strings.Fields(ended.stdout), " ")).To(gomega.ContainSubstring(s))
		}
	}
}

// TestCompareMatrices compares folders, matrices and reports with one another.
func TestCompareMatrices(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64", "macos-15-arm64")
	matrix := filepath.Join(t.TempDir(), "m.json")
	g.Expect(loopmatrix(t, "matrix", dir, "--format", "json", "--out", matrix).code).To(gomega.Equal(exitFine))
	one := filepath.Join(dir, "linux-6.12-amd64.json")
	for _, sides := range [][2]string{{dir, dir}, {matrix, matrix}, {dir, matrix}, {matrix, dir}, {matrix, one}, {one, matrix}, {dir, one}} {
		r := loopmatrix(t, "compare", sides[0], sides[1])
		g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
		g.Expect(r.stdout).To(gomega.HavePrefix("Nothing has changed."), "%v", sides)
		g.Expect(strings.Contains(r.stdout, "A matrix holds no observations")).To(gomega.Equal(slices.Contains(sides[:], matrix)))
	}
	g.Expect(os.Remove(filepath.Join(dir, "macos-15-arm64.json"))).To(gomega.Succeed())
	r := loopmatrix(t, "compare", matrix, dir)
	g.Expect(r.code).To(gomega.Equal(exitKit))
	g.Expect(r.stdout).To(gomega.ContainSubstring("Title of macos-15-arm64, which the new one does not have"))
	r = loopmatrix(t, "compare", dir, matrix)
	g.Expect(r.code).To(gomega.Equal(exitFine))
	g.Expect(r.stdout).To(gomega.ContainSubstring("which the old one does not have"))
}

// TestComparePublished compares with the published report of a platform, and with none.
func TestComparePublished(t *testing.T) {
	unable.Long(t, "it judges all published reports anew")
	g := gomega.NewWithT(t)
	nobodys := filepath.Join(reports(t, "plan9-4-amd64"), "plan9-4-amd64.json")
	for _, args := range [][]string{{nobodys}, {"published", nobodys}, {"published", filepath.Dir(nobodys)}} {
		r := loopmatrix(t, append([]string{"compare"}, args...)...)
		g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
		g.Expect(r.stdout).To(gomega.ContainSubstring("Title of plan9-4-amd64, which the old one does not have"))
		g.Expect(r.stdout).To(gomega.HavePrefix("Nothing was compared"))
	}
	all, err := published.Reports(claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	if testing.Short() {
		all = all[:3]
	}
	for _, p := range all {
		g.Expect(loopmatrix(t, "compare", saved(t, p)).stdout).To(gomega.HavePrefix("Nothing has changed."))
	}
}

func TestCompareFormats(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := whole()
	worse, what := turned(t, r)
	old, now := saved(t, r), saved(t, worse)
	dir := t.TempDir()
	for format, name := range map[string]string{"text": "comparison.txt", "markdown": "comparison.md", "json": "comparison.json"} {
		shown := loopmatrix(t, "compare", old, now, "--format", format)
		g.Expect(shown.code).To(gomega.Equal(exitDeviates))
		g.Expect(loopmatrix(t, "compare", old, now, "--format", format, "--out", dir)).To(gomega.Equal(ran{code: exitDeviates}))
		written, err := os.ReadFile(filepath.Join(dir, name))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(string(written)).To(gomega.Equal(shown.stdout))
		g.Expect(shown.stdout).To(gomega.ContainSubstring(what))
	}
	written, err := os.ReadFile(filepath.Join(dir, "comparison.json"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	s, err := jsonschema.UnmarshalJSON(strings.NewReader(schema.Comparison()))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	g.Expect(compiler.AddResource("s.json", s)).To(gomega.Succeed())
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(compiler.MustCompile("s.json").Validate(v)).To(gomega.Succeed())
}

// TestCompareBadFiles names everything that is wrong with both sides, and writes nothing.
func TestCompareBadFiles(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	good := filepath.Join(dir, "linux-6.12-amd64.json")
	matrix := filepath.Join(t.TempDir(), "m.json")
	g.Expect(loopmatrix(t, "matrix", dir, "--format", "json", "--out", matrix).code).To(gomega.Equal(exitFine))
	whole, err := os.ReadFile(matrix)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for i, c := range []struct{ old, new, says string }{
		{`"verdict": "conforms"`, `"verdict": "perfect"`, "the cell of linux-6.12-amd64 has a verdict that is none"},
		{`"id": "linux-6.12-amd64"`, `"id": "linux-6.13-amd64"`, "there is a cell of a platform that is not among the platforms"},
		{`"id": "linux-6.12-amd64"`, `"id": "../x"`, "a platform has an id that is none"},
		{`"headline"`, `"hedline"`, "hedline"},
		{`"schema": 1`, `"schema": 2`, "version 2 is unknown"},
	} {
		text := strings.Replace(string(whole), c.old, c.new, 1)
		g.Expect(text).NotTo(gomega.Equal(string(whole)), c.old)
		path := filepath.Join(t.TempDir(), "bad.json")
		g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(gomega.Succeed())
		out := filepath.Join(t.TempDir(), "out")
		refused(t, exitUsage, []string{path, c.says}, "compare", path, good, "--out", out)
		refused(t, exitUsage, []string{path, c.says}, "compare", good, path, "--out", out)
		refused(t, exitUsage, []string{path}, "run", "--baseline", path, "--claims", "none", "--out", out)
		g.Expect(out).NotTo(gomega.BeAnExistingFile(), "%d", i)
	}
	refused(t, exitUsage, []string{"it is a matrix, which holds no observations to judge anew; name the report"}, "run", "--baseline", matrix, "--claims", "none")
}

// entry is the claim with this id.
func entry(id string) claim.Entry {
	all := claim.Catalogue()
	return all[slices.IndexFunc(all, func(e claim.Entry) bool { return e.ID == id })]
}
