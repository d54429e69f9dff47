package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

func TestWhole(t *testing.T) {
	g := gomega.NewWithT(t)
	r, how := whole()
	g.Expect(r.Run.Seed).To(gomega.BeEquivalentTo(1))
	g.Expect(r.Run.Repeat).To(gomega.Equal(1))
	g.Expect(r.Results).To(gomega.HaveLen(len(claim.Catalogue())))
	g.Expect(r.Probes()).To(gomega.BeNumerically(">=", 1500), "too few to say anything about the block")
	lines := strings.Split(strings.TrimSuffix(how.stderr, "\n"), "\n")
	for i, line := range lines[:len(lines)-1] { // plain lines, one for each claim, without escape sequences
		g.Expect(line).To(gomega.MatchRegexp(`^ *%d/%d  [a-z0-9.-]+ +[a-z-]+( +\S+)?$`, i+1, len(lines)-1))
	}
	last := lines[len(lines)-1]
	g.Expect(last).To(gomega.HavePrefix("wrote "))
	g.Expect(last).To(gomega.HaveSuffix(session.Summary(r)))
	g.Expect(last).To(gomega.ContainSubstring(render.Thousands(r.Probes()) + " probes for "))
}

func TestOut(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	r := loopmatrix(t, "run", "--claims", "v4.block.bind", "--out", path)
	g.Expect(r.stdout).To(gomega.BeEmpty())
	g.Expect(r.stderr).To(gomega.And(gomega.HavePrefix("1/1  v4.block.bind "), gomega.ContainSubstring("\nwrote "+path+": ")))
	id := read(t, path).Platform.ID

	r = loopmatrix(t, "run", "--claims", "v4.block.bind", "--out", dir, "--quiet")
	g.Expect(r).To(gomega.Equal(ran{}), "quiet")
	g.Expect(read(t, filepath.Join(dir, id+".json")).Platform.ID).To(gomega.Equal(id))

	r = loopmatrix(t, "run", "--claims", "v4.block.bind", "--out", "-", "--quiet")
	g.Expect(r.stderr).To(gomega.BeEmpty())
	decoded, err := model.Decode(strings.NewReader(r.stdout), "stdout", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(decoded.Platform.ID).To(gomega.Equal(id))

	r = loopmatrix(t, "run", "--claims", "v4.block.bind", "--quiet")
	g.Expect(r.stdout).To(gomega.MatchRegexp(`v4\.block\.bind +\S`))
	g.Expect(r.stdout).To(gomega.MatchRegexp(`\n\n[0-9,]+ probes for 1 of %d claims in [0-9.]+ s, seed [0-9]+\n$`, len(claim.Catalogue())))
	g.Expect(r.stdout).NotTo(gomega.ContainSubstring("\x1b"), "a pipe has no colours")
	g.Expect(r.stdout).NotTo(gomega.ContainSubstring(model.NotSelected), "what was not asked for is not shown")
	g.Expect(filepath.Glob(filepath.Join(dir, ".*"))).To(gomega.BeEmpty(), "no temporary files stay")
}

// TestOutThroughLink writes a report to where a symbolic link leads.
func TestOutThroughLink(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	link := filepath.Join(dir, "link.json")
	err := os.Symlink("r.json", link) // Windows lets only the privileged make them
	if err == nil {
		_, err = os.Readlink(link) // what Wine makes can't be read
	}
	unable.Skip(t, err)
	g.Expect(os.WriteFile(filepath.Join(dir, "r.json"), []byte("old"), 0o600)).To(gomega.Succeed())
	g.Expect(loopmatrix(t, "run", "--claims", "none", "--out", link).code).To(gomega.Equal(exitFine))
	g.Expect(os.Readlink(link)).To(gomega.Equal("r.json"), "a link stays")
	g.Expect(read(t, filepath.Join(dir, "r.json")).Probes()).To(gomega.BeZero())
	g.Expect(filepath.Glob(filepath.Join(dir, ".*"))).To(gomega.BeEmpty(), "no temporary files stay")
}

func TestJUnitAndTAP(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	junit, tap := filepath.Join(dir, "r.xml"), filepath.Join(dir, "r.tap")
	r := loopmatrix(t, "run", "--quiet", "--claims", "none", "--junit", junit, "--tap", tap)
	g.Expect(r.stdout).NotTo(gomega.BeEmpty(), "the result is shown as well")
	b, err := os.ReadFile(junit)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var suites struct {
		Tests   int `xml:"tests,attr"`
		Skipped int `xml:"skipped,attr"`
	}
	g.Expect(xml.Unmarshal(b, &suites)).To(gomega.Succeed())
	g.Expect(suites.Tests).To(gomega.Equal(len(claim.Catalogue())))
	g.Expect(suites.Skipped).To(gomega.Equal(len(claim.Catalogue())))
	b, err = os.ReadFile(tap)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(b).To(gomega.HavePrefix(fmt.Sprintf("TAP version 14\n1..%d\n", len(claim.Catalogue()))))
	g.Expect(bytes.Count(b, []byte("\nok "))).To(gomega.Equal(len(claim.Catalogue())))

	r = loopmatrix(t, "run", "--quiet", "--claims", "none", "--tap", "-")
	g.Expect(r.stdout).To(gomega.HavePrefix("TAP version 14\n"), "and nothing else")
}

func TestSelections(t *testing.T) {
	g := gomega.NewWithT(t)
	for expr, want := range map[string]func(claim.Entry) bool{
		"none":                    func(claim.Entry) bool { return false },
		"v4.block.*":              func(e claim.Entry) bool { return strings.HasPrefix(e.ID, "v4.block.") },
		"interface":               func(e claim.Entry) bool { return e.Family == claim.Interface },
		"v4.block.bind,interface": func(e claim.Entry) bool { return e.ID == "v4.block.bind" || e.Family == claim.Interface },
	} {
		path := filepath.Join(t.TempDir(), "r.json")
		r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--claims", expr, "--out", path)
		g.Expect(r.code).To(gomega.BeElementOf(exitFine, exitDeviates), r.stderr)
		report := read(t, path)
		for i, e := range claim.Catalogue() {
			got := report.Results[i]
			g.Expect(got.Claim).To(gomega.Equal(e.ID), "the catalogue's order")
			g.Expect(got.Reason != model.NotSelected).To(gomega.Equal(want(e)), "%s: %s", expr, e.ID)
		}
	}
	path := filepath.Join(t.TempDir(), "r.json")
	r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--claims", "block,ipv6", "--label-filter", "level:must && !family:ipv6", "--repeat", "2", "--out", path)
	g.Expect(r.code).To(gomega.BeElementOf(exitFine, exitDeviates), r.stderr)
	for i, e := range claim.Catalogue() {
		want := e.Family == claim.Block && e.Level == claim.Must
		g.Expect(read(t, path).Results[i].Reason != model.NotSelected).To(gomega.Equal(want), e.ID)
	}
}

// seen is what two runs with one seed have in common: everything but times and transcripts.
func seen(r model.Report) []string {
	var out []string
	for _, result := range r.Results {
		for _, o := range result.Observations {
			out = append(out, fmt.Sprint(result.Claim, result.Verdict, result.Behaviour, o.Op, o.Proto, o.Variant, o.Targets, o.Outcome, o.Errno, o.Source, o.Value, o.Count))
		}
	}
	slices.Sort(out)
	return out
}

func TestSeed(t *testing.T) {
	g := gomega.NewWithT(t)
	run := func(seed string) model.Report {
		path := filepath.Join(t.TempDir(), "r.json")
		loopmatrix(t, "run", "--quiet", "--claims", "v4.block.bind", "--wire", "off", "--seed", seed, "--out", path)
		return read(t, path)
	}
	seven := run("7")
	g.Expect(seven.Run.Seed).To(gomega.BeEquivalentTo(7))
	g.Expect(seen(run("7"))).To(gomega.Equal(seen(seven)))
	g.Expect(seen(run("8"))).NotTo(gomega.Equal(seen(seven)))
	first, second := run("0"), run("0")
	g.Expect(first.Run.Seed).NotTo(gomega.Or(gomega.BeZero(), gomega.Equal(second.Run.Seed)))
	g.Expect(seen(run(fmt.Sprint(first.Run.Seed)))).To(gomega.Equal(seen(first)), "the report tells the seed")
}

func TestRepeat(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	r := loopmatrix(t, "run", "--claims", "v4.block.bind", "--wire", "off", "--repeat", "3", "--seed", "5", "--out", path)
	g.Expect(strings.Split(r.stderr, "\n")).To(gomega.HaveExactElements(
		gomega.HavePrefix("1/3  run "), gomega.HavePrefix("2/3  run "), gomega.HavePrefix("3/3  run "),
		gomega.And(gomega.HavePrefix("wrote "), gomega.ContainSubstring(" a run, 3 runs in ")), ""))
	report := read(t, path)
	g.Expect(report.Run.Repeat).To(gomega.Equal(3))
	g.Expect(report.Run.Seed).To(gomega.BeEquivalentTo(5))
	for _, result := range report.Results {
		g.Expect(result.Runs.N).To(gomega.Equal(3), result.Claim)
		g.Expect(result.Runs.Same).To(gomega.Equal(3), "%s: %v", result.Claim, result.Runs)
	}
}
