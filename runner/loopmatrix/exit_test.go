package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestExitOfRun compares the exit code of whole runs and of single claims with what the reports
// say.
func TestExitOfRun(t *testing.T) {
	g := gomega.NewWithT(t)
	r, how := whole()
	want := exitFine
	binding := func(of model.Result) bool {
		i := slices.IndexFunc(claim.Catalogue(), func(e claim.Entry) bool { return e.ID == of.Claim })
		return slices.Contains([]claim.Level{claim.Must, claim.MustNot, claim.Should, claim.ShouldNot}, claim.Catalogue()[i].Level)
	}
	wrong := slices.IndexFunc(r.Results, func(x model.Result) bool { return x.Verdict == claim.Deviates && binding(x) })
	if wrong >= 0 {
		want = exitDeviates
	}
	g.Expect(how.code).To(gomega.Equal(want))
	fine := slices.IndexFunc(r.Results, func(x model.Result) bool { return x.Verdict == claim.Conforms && binding(x) })
	g.Expect(fine).To(gomega.BeNumerically(">=", 0), "nothing conforms here")
	g.Expect(loopmatrix(t, "run", "--quiet", "--claims", r.Results[fine].Claim).code).To(gomega.Equal(exitFine))
	if wrong < 0 {
		unable.Skip(t, errors.New("nothing that binds deviates here"))
	}
	one := loopmatrix(t, "run", "--quiet", "--claims", r.Results[wrong].Claim)
	g.Expect(one.code).To(gomega.Equal(exitDeviates))
	g.Expect(one.stderr).To(gomega.BeEmpty(), "the result says it")
}

func TestVerdictOf(t *testing.T) {
	g := gomega.NewWithT(t)
	at := func(level claim.Level, v claim.Verdict) int {
		i := slices.IndexFunc(claim.Catalogue(), func(e claim.Entry) bool { return e.Level == level })
		return codeOf((&measuring{}).conclude(false, model.Report{Results: []model.Result{
			{Claim: claim.Catalogue()[i].ID, Finding: claim.Finding{Verdict: v, Reason: "no second address"}}}}))
	}
	for _, level := range []claim.Level{claim.Must, claim.MustNot, claim.Should, claim.ShouldNot} {
		g.Expect(at(level, claim.Deviates)).To(gomega.Equal(exitDeviates), string(level))
		g.Expect(at(level, claim.NotRun)).To(gomega.Equal(exitKit), string(level))
	}
	g.Expect(at(claim.Stated, claim.Deviates)).To(gomega.Equal(exitFine))
	g.Expect(codeOf((&measuring{}).conclude(true, model.Report{}))).To(gomega.Equal(exitKit))
	g.Expect(codeOf(errors.New("from cobra"))).To(gomega.Equal(exitUsage))
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"nonsense"}, []string{`no command "nonsense"`, "see loopmatrix --help"}},
		{[]string{"rum"}, []string{`"rum"; near it: run`}},
		{[]string{"--nonsense"}, []string{"unknown flag: --nonsense; see loopmatrix --help"}},
		{[]string{"run", "--nonsense"}, []string{"unknown flag: --nonsense; see loopmatrix run --help"}},
		{[]string{"run", "extra"}, []string{`loopmatrix run takes no argument, got "extra"; see loopmatrix run --help`}},
		{[]string{"run", "--seed", "-1"}, []string{`"-1"`, "--seed"}},
		{[]string{"run", "--claims", "v4.blok.bind,nonsense"}, []string{`"v4.blok.bind" picks no claim; near it: v4.block.bind`, "\n\"nonsense\" picks no claim"}},
		{[]string{"run", "--label-filter", "level:must &&"}, []string{`--label-filter: "level:must &&": Unexpected EOF.`}},
		{[]string{"run", "--out", "-", "--tap", "-"}, []string{"only one of --out, --junit and --tap"}},
		{[]string{"matrix", "--format", "pdf"}, []string{`--format "pdf": it takes text, markdown`}},
		{[]string{"matrix", "--format", "html"}, []string{"--format html needs --out with a folder"}},
		{[]string{"matrix", missing}, []string{missing + ": there is no such file"}},
		{[]string{"matrix", dir}, []string{dir + ": there is no report in this folder"}},
		{[]string{"compare"}, []string{"compare takes one or two reports, matrices or folders, got 0; see loopmatrix compare --help"}},
		{[]string{"compare", missing, dir}, []string{missing + ": there is no such file\n" + dir + ": there is no report in this folder"}},
		{[]string{"compare", "--format", "csv", missing}, []string{`--format "csv": it takes text, markdown, json`}},
		{[]string{"run", "--baseline", missing}, []string{"--baseline: " + missing + ": there is no such file"}},
		{[]string{"check"}, []string{"check needs a report; see loopmatrix check --help"}},
		{[]string{"claims", "--format", "csv"}, []string{`--format "csv": it takes text, markdown, json`}},
		{[]string{"claims", "v4.block.bin"}, []string{`"v4.block.bin" picks no claim; near it: v4.block.bind`}},
		{[]string{"claims", "a", "b"}, []string{"2"}},
		{[]string{"faults", "nonsense"}, []string{`there is no such fault: "nonsense"`, "faults without a name runs them all"}},
	} {
		refused(t, exitUsage, c.says, c.args...)
	}
	gomega.NewWithT(t).Expect(missing).NotTo(gomega.BeADirectory())
}

func TestHelp(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, args := range [][]string{{}, {"help"}, {"--help"}} {
		r := loopmatrix(t, args...)
		g.Expect(r.code).To(gomega.Equal(exitFine))
		g.Expect(r.stdout).To(gomega.And(gomega.ContainSubstring("What does loopback really do here?"), gomega.ContainSubstring(exitCodes)))
	}
	for _, name := range []string{"run", "matrix", "compare", "check", "claims", "faults"} {
		r := loopmatrix(t, name, "--help")
		g.Expect(r.code).To(gomega.Equal(exitFine))
		g.Expect(r.stdout).To(gomega.MatchRegexp("(?i)exit code"), name)
		for line := range strings.Lines(r.stdout) {
			g.Expect(len(line)).To(gomega.BeNumerically("<=", plainWidth), line)
		}
	}
	g.Expect(loopmatrix(t, "--version").stdout).To(gomega.Equal("loopmatrix version devel\n"))
}
