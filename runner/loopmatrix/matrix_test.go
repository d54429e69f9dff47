package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// formats are those of a matrix, with what each begins with.
var formats = map[string]struct{ file, begins string }{
	"text":     {"matrix.txt", "A  Title of linux-6.12-amd64\n"},
	"markdown": {"matrix.md", ""},
	"json":     {"matrix.json", "{\n \"schema\": 1,\n"},
	"csv":      {"matrix.csv", "claim,family,level,"},
}

func TestMatrix(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64", "macos-15-arm64")
	// A difference keeps the two columns apart.
	path := filepath.Join(dir, "macos-15-arm64.json")
	r := read(t, path)
	for i := range r.Results {
		if r.Results[i].Claim == "v4.block.bind" {
			r.Results[i] = model.Result{Claim: "v4.block.bind", Runs: model.Runs{N: 1, Same: 1}}
			r.Results[i].Verdict, r.Results[i].Reason = "not-run", "a test"
		}
	}
	g.Expect(model.Write(path, r)).To(gomega.Succeed())
	linux := filepath.Join(dir, "linux-6.12-amd64.json")
	before := state(t, dir)
	out := t.TempDir()
	for format, want := range formats {
		shown := loopmatrix(t, "matrix", "--format", format, dir)
		g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
		g.Expect(shown.stderr).To(gomega.BeEmpty())
		g.Expect(shown.stdout).To(gomega.HavePrefix(want.begins))
		g.Expect(shown.stdout).To(gomega.And(gomega.ContainSubstring("Title of linux-6.12-amd64"), gomega.ContainSubstring("Title of macos-15-arm64")))
		g.Expect(loopmatrix(t, "matrix", "--format", format, path, linux)).To(gomega.Equal(shown), "files in any order are the same as the folder")
		g.Expect(loopmatrix(t, "matrix", "--format", format, "--out", "-", dir)).To(gomega.Equal(shown))
		for _, to := range []string{filepath.Join(out, "named"), out} {
			g.Expect(loopmatrix(t, "matrix", "--format", format, "--out", to, dir)).To(gomega.Equal(ran{}))
		}
		for _, name := range []string{"named", want.file} {
			b, err := os.ReadFile(filepath.Join(out, name))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(string(b)).To(gomega.Equal(shown.stdout))
		}
	}
	g.Expect(state(t, dir)).To(gomega.Equal(before))
	rows, err := csv.NewReader(strings.NewReader(loopmatrix(t, "matrix", "--format", "csv", linux, path).stdout)).ReadAll()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(rows).To(gomega.HaveLen(1 + 2*len(claim.Catalogue())))
	m, err := model.DecodeMatrix(strings.NewReader(loopmatrix(t, "matrix", "--format", "json", dir).stdout), "m.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(m.Platforms).To(gomega.HaveLen(2))
	one := loopmatrix(t, "matrix", linux)
	g.Expect(one.stdout).To(gomega.And(gomega.HavePrefix("Title of linux-6.12-amd64\n"), gomega.ContainSubstring("What people ask\n")))
}

// TestMatrixInterrupted ends the writing of a matrix: nothing is left of it, and what was there
// stays.
func TestMatrixInterrupted(t *testing.T) {
	r, err := model.Read("../../reports/published/wine-10.0-linux-6.18-amd64.json", claim.Catalogue())
	g := gomega.NewWithT(t)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	m, err := combine.Combine([]model.Report{r}, claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	dir := t.TempDir()
	path := filepath.Join(dir, "matrix")
	g.Expect(os.WriteFile(path, []byte("old"), 0o600)).To(gomega.Succeed())
	before := state(t, dir)
	ended, end := context.WithCancel(context.Background())
	end()
	for format := range formats {
		g.Expect(writeMatrix(ended, &outputs{}, m, format, path)).To(gomega.MatchError(gomega.ContainSubstring("interrupted")), format)
	}
	g.Expect(state(t, dir)).To(gomega.Equal(before))
}

// TestHeadlines asks for what a job summary shows.
func TestHeadlines(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64", "macos-15-arm64")
	shown := loopmatrix(t, "matrix", "--format", "headlines", dir)
	g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
	g.Expect(shown.stdout).To(gomega.HavePrefix("| question | "))
	g.Expect(shown.stdout).To(gomega.ContainSubstring("| Can I bind 127.0.0.2 without any set-up? | "))
	out := t.TempDir()
	g.Expect(loopmatrix(t, "matrix", "--format", "headlines", "--out", out, dir)).To(gomega.Equal(ran{}))
	b, err := os.ReadFile(filepath.Join(out, "matrix.md"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(b)).To(gomega.Equal(shown.stdout))
}

// TestSamePlatform gives two reports of one platform.
func TestSamePlatform(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	first, second := filepath.Join(dir, "linux-6.12-amd64.json"), filepath.Join(dir, "copy.json")
	b, err := os.ReadFile(first)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(os.WriteFile(second, b, 0o600)).To(gomega.Succeed())
	before := state(t, dir)
	for _, args := range [][]string{{dir}, {first, second}, {second, first}} {
		refused(t, exitUsage, []string{second + " and " + first + ` are both of the platform "linux-6.12-amd64"; leave one out`},
			append([]string{"matrix", "--out", filepath.Join(dir, "m.txt")}, args...)...)
	}
	g.Expect(state(t, dir)).To(gomega.Equal(before))
}

// TestMatrixOfThisMachine makes a fresh run.
func TestMatrixOfThisMachine(t *testing.T) {
	unable.Long(t, "it measures this machine as the command does")
	unable.Skip(t, sheltered())
	g := gomega.NewWithT(t)
	r, _ := whole()
	shown := loopmatrix(t, "matrix", "--format", "json")
	g.Expect(shown.code).To(gomega.Equal(exitFine), shown.stderr)
	g.Expect(shown.stderr).To(gomega.ContainSubstring(fmt.Sprintf("%[1]d/%[1]d  ", len(claim.Catalogue()))), "its progress is shown")
	g.Expect(strings.Count(shown.stderr, "\n")).To(gomega.Equal(4), "and is short in a pipe")
	m, err := model.DecodeMatrix(bytes.NewReader([]byte(shown.stdout)), "m.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	here := 0
	for _, p := range m.Platforms {
		if p.ID == r.Platform.ID {
			here++
		}
	}
	g.Expect(here).To(gomega.Equal(1), "also if it is published")
	for _, result := range r.Results {
		cell, measured := m.Cell(result.Claim, r.Platform.ID)
		g.Expect(measured).To(gomega.BeTrue())
		g.Expect(cell.Verdict).To(gomega.Equal(result.Verdict), result.Claim)
		g.Expect(cell.Behaviour).To(gomega.Equal(result.Behaviour), result.Claim)
	}
	quiet := loopmatrix(t, "matrix", "--all", "--quiet")
	g.Expect(quiet.stderr).To(gomega.BeEmpty())
	g.Expect(quiet.stdout).To(gomega.ContainSubstring(r.Platform.Title))
}

// TestJudgedAnew gives a report whose verdicts do not follow from what was seen: the matrix tells
// what does.
func TestJudgedAnew(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64")
	path := filepath.Join(dir, "linux-6.12-amd64.json")
	want := loopmatrix(t, "matrix", path)
	r := read(t, path)
	for i := range r.Results {
		if r.Results[i].Verdict == claim.Deviates {
			r.Results[i].Verdict = claim.Conforms
		}
	}
	g.Expect(model.Write(path, r)).To(gomega.Succeed())
	g.Expect(loopmatrix(t, "matrix", path)).To(gomega.Equal(want))
}
