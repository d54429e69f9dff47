package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestCheck checks a report that can be published, and two that are valid and can't: their ids are
// not what the facts make, and the kit that these tests are is none that anybody knows.
func TestCheck(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := reports(t, "linux-6.12-amd64", "macos-15-arm64")
	a, b := filepath.Join(dir, "linux-6.12-amd64.json"), filepath.Join(dir, "macos-15-arm64.json")
	r := loopmatrix(t, "check", a, b)
	g.Expect(r.code).To(gomega.Equal(exitUsage))
	g.Expect(strings.Split(r.stdout, "\n")).To(gomega.HaveExactElements(
		gomega.MatchRegexp(`^%s: valid, but not fit for publication; \d problems; linux-6.12-amd64, `, regexp.QuoteMeta(a)),
		gomega.MatchRegexp(`^%s: valid, but not fit for publication; \d problems; macos-15-arm64, `, regexp.QuoteMeta(b)), ""))
	for _, path := range []string{a, b} {
		g.Expect(r.stderr).To(gomega.And(gomega.ContainSubstring(path+": kit.version: "), gomega.ContainSubstring(path+": platform.id: ")))
	}
	if everything() != "" {
		return // the run left claims out, so it is not fit
	}
	whole, _ := whole()
	whole.Kit = model.Kit{Version: "v0.1.0", Commit: strings.Repeat("0a", 20)}
	file, err := session.Encode(whole)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	fit := filepath.Join(dir, whole.Platform.ID+".json")
	g.Expect(os.WriteFile(fit, file, 0o600)).To(gomega.Succeed())
	r = loopmatrix(t, "check", fit)
	g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
	g.Expect(r.stdout).To(gomega.HavePrefix(fit + ": valid and fit for publication; " + whole.Platform.ID + ", "))
	g.Expect(r.stderr).To(gomega.BeEmpty())
	for _, files := range [][]string{{fit}, {fit, a}} {
		r = loopmatrix(t, append([]string{"check", "--format", "markdown"}, files...)...)
		g.Expect(r.code).To(gomega.Equal(map[int]int{1: exitFine, 2: exitUsage}[len(files)]))
		g.Expect(r.stdout).To(gomega.And(gomega.HavePrefix("## Reports for publication\n"), gomega.ContainSubstring("✓ fit for publication")))
		g.Expect(strings.Contains(r.stdout, "✗")).To(gomega.Equal(len(files) == 2))
		g.Expect(r.stderr).To(gomega.BeEmpty())
	}
}

// bad is a file that is no valid report, and what is said of it after its name.
type bad struct {
	name string
	make func(path string, good []byte) error
	says []string
}

// changed is a report with one text in the place of another.
func changed(from, to string) func(string, []byte) error {
	return func(path string, good []byte) error {
		return os.WriteFile(path, bytes.Replace(good, []byte(from), []byte(to), 1), 0o600)
	}
}

func holding(content string) func(string, []byte) error {
	return func(path string, _ []byte) error { return os.WriteFile(path, []byte(content), 0o600) }
}

func badFiles() []bad {
	first := claim.Catalogue()[0].ID
	return []bad{
		{"text.json", holding("hello"), []string{": it is no JSON object, but something else; is it the right file?"}},
		{"empty.json", holding(""), []string{": it is empty"}},
		{"list.json", holding("[]"), []string{`: it is no JSON object`}},
		{"other.json", holding(`{"name":"x"}`), []string{": schema: it is missing; is this a file of loopmatrix?"}},
		{"broken.json", holding(`{"schema":1,}`), []string{": it is no JSON at line 1, column 1"}},
		{"cut.json", func(path string, good []byte) error { return os.WriteFile(path, good[:len(good)/2], 0o600) },
			[]string{": it is cut off after ", "; copy it again"}},
		{"newer.json", changed(`"schema": 2`, `"schema": 3`), []string{": schema: version 3 is unknown; this kit reads 1 and 2; a newer kit may read it"}},
		{"field.json", changed(`"behaviour"`, `"behavior"`), []string{`behavior`, "misspelt"}},
		{"claim.json", changed(`"claim": "`+first+`"`, `"claim": "`+first+`x"`),
			[]string{`: results[0].claim: "` + first + `x" is no claim of this catalogue; near it: ` + first}},
		{"verdict.json", changed(`"verdict": "conforms"`, `"verdict": "perfect"`), []string{`].verdict: "perfect" is no verdict; one of not-run, `}},
		{"flattering.json", changed(`"verdict": "deviates"`, `"verdict": "conforms"`), []string{"].verdict: it is conforms, but the observations of ", " make it deviates"}},
		{"escape.json", changed(`"id": "linux-6.12-amd64"`, `"id": "../../etc/passwd"`), []string{`: platform.id: "../../etc/passwd" is no id of a platform; it takes lower case letters`}},
		{"control.json", changed(`"id": "linux-6.12-amd64"`, `"id": "linux\u001b[2J"`), []string{`: platform.id: "linux\x1b[2J" is no id of a platform`}},
		{"title.json", changed(`"title": "Title`, `"title": "\u001b]0;Title`), []string{`: platform.title: "\x1b]0;Title`, "holds control characters"}},
		{"deep.json", holding(`{"schema":1,"x":` + strings.Repeat("[", 100_000)), []string{": it is nested deeper than 16 levels at line 1, column "}},
		{"large.json", func(path string, _ []byte) error {
			if err := os.WriteFile(path, []byte(`{"schema":1`), 0o600); err != nil {
				return err
			}
			return os.Truncate(path, 1<<30) // takes no room on a disk
		}, []string{": it is larger than 32 MiB; is it the right file?"}},
		{"folder.json", func(path string, _ []byte) error { return os.Mkdir(path, 0o700) }, []string{": it is a directory; name the report files in it"}},
		{"missing.json", func(string, []byte) error { return nil }, []string{": there is no such file"}},
	}
}

// TestBadFiles gives bad files to check and matrix, each beside a good one. Both refuse, say why,
// and write nothing.
func TestBadFiles(t *testing.T) {
	unable.Long(t, "it starts the command for each bad file")
	dir := reports(t, "linux-6.12-amd64")
	good := filepath.Join(dir, "linux-6.12-amd64.json")
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	var all, says []string
	for _, b := range badFiles() {
		path := filepath.Join(dir, b.name)
		if err := b.make(path, content); err != nil {
			t.Fatal(err)
		}
		all = append(all, path)
		says = append(says, path+b.says[0])
		if !strings.HasPrefix(b.says[0], ":") {
			says[len(says)-1] = path + ": "
			says = append(says, b.says[0])
		}
		says = append(says, b.says[1:]...)
	}
	before := state(t, dir)
	t.Run("check", func(t *testing.T) {
		g := gomega.NewWithT(t)
		r := loopmatrix(t, append([]string{"check", good}, all...)...)
		g.Expect(r.code).To(gomega.Equal(exitUsage))
		g.Expect(r.stdout).To(gomega.HavePrefix(good+": valid"), "the good one is told as such")
		for _, s := range says {
			g.Expect(r.stderr).To(gomega.ContainSubstring(s))
		}
		g.Expect(r.stderr).NotTo(gomega.MatchRegexp(`[\x00-\x09\x0b-\x1f]`), "nothing garbles the terminal")
		if testing.Short() { // matrix has them one by one too
			return
		}
		for _, path := range all {
			g.Expect(loopmatrix(t, "check", path).code).To(gomega.Equal(exitUsage), path)
		}
	})
	t.Run("matrix", func(t *testing.T) {
		out := filepath.Join(dir, "matrix.md")
		for _, path := range all {
			if filepath.Base(path) == "flattering.json" || filepath.Base(path) == "folder.json" {
				continue // see TestJudgedAnew; a folder may be given
			}
			refused(t, exitUsage, []string{path + ": "}, "matrix", "--format", "markdown", "--out", out, good, path)
		}
		refused(t, exitUsage, []string{filepath.Join(dir, "folder.json") + ": it is a directory"}, "matrix", "--out", out, dir)
	})
	gomega.NewWithT(t).Expect(state(t, dir)).To(gomega.Equal(before))
}

// TestAllProblems finds several in one file.
func TestAllProblems(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := whole()
	r.Platform.ID, r.Results = "Linux", slices.Clone(r.Results[:10])
	r.Results[0].Verdict, r.Results[3].Claim = "perfect", "nonsense"
	path := filepath.Join(t.TempDir(), "r.json")
	g.Expect(model.Write(path, r)).To(gomega.Succeed())
	ended := loopmatrix(t, "check", path)
	g.Expect(ended.code).To(gomega.Equal(exitUsage))
	for _, s := range []string{": platform.id: ", ": results[0].verdict: ", ": results[3].claim: ", ": results: there is none for "} {
		g.Expect(ended.stderr).To(gomega.ContainSubstring(path + s))
	}
}

// TestHostileText puts what commands a terminal into each text of a report: no command repeats it.
func TestHostileText(t *testing.T) {
	dir := reports(t, "linux-6.12-amd64")
	good := filepath.Join(dir, "linux-6.12-amd64.json")
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	hostile := filepath.Join(t.TempDir(), "hostile.json")
	for _, name := range []string{"title", "id", "kernel", "user", "filter", "version", "claim", "verdict", "behaviour", "reason", "op", "value", "outcome", "name", "digest"} {
		field := regexp.MustCompile(`("` + name + `": ?"[^"\\]*)"`)
		if err := os.WriteFile(hostile, field.ReplaceAll(text, []byte(`${1}\u001b[2J\u0007\u202e\u009b"`)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"check", hostile}, {"check", "--format", "markdown", hostile}, {"matrix", hostile}, {"matrix", "--format", "markdown", hostile},
			{"matrix", "--format", "csv", hostile}, {"matrix", "--format", "json", hostile}, {"compare", good, hostile}, {"compare", hostile, good},
		} {
			r := loopmatrix(t, args...)
			if at := strings.IndexAny(r.stdout+r.stderr, "\x1b\a\u202e\u009b"); at >= 0 {
				t.Errorf("%s, %q: %q", name, args, (r.stdout + r.stderr)[max(0, at-80):at+8])
			}
		}
	}
}
