package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/published"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestClaims(t *testing.T) {
	g := gomega.NewWithT(t)
	text := loopmatrix(t, "claims").stdout
	markdown := loopmatrix(t, "claims", "--format", "markdown").stdout
	var decoded []claim.Claim
	g.Expect(json.Unmarshal([]byte(loopmatrix(t, "claims", "--format", "json").stdout), &decoded)).To(gomega.Succeed())
	g.Expect(decoded).To(gomega.HaveLen(len(claim.Catalogue())))
	for i, e := range claim.Catalogue() {
		g.Expect(decoded[i].ID).To(gomega.Equal(e.ID))
		g.Expect(decoded[i].Behaviours).To(gomega.HaveLen(len(e.Behaviours)))
		g.Expect(text).To(gomega.ContainSubstring(e.ID))
		g.Expect(markdown).To(gomega.ContainSubstring("`" + e.ID + "`"))
	}
	g.Expect(text).To(gomega.HaveSuffix(" the other end of a link.\n"))
	headline := loopmatrix(t, "claims", "headline").stdout
	g.Expect(len(headline)).To(gomega.BeNumerically("<", len(text)/2))
}

func TestClaim(t *testing.T) {
	g := gomega.NewWithT(t)
	text := loopmatrix(t, "claims", "v4.block.bind").stdout
	for _, field := range []string{"v4.block.bind\n\n", "\nquestion ", "\nclaim ", "\nlevel ", "\nsource ", "\nfault ", "\nbehaviours\n", " whole-block "} {
		g.Expect("\n" + text).To(gomega.ContainSubstring(field))
	}
	var one claim.Claim
	g.Expect(json.Unmarshal([]byte(loopmatrix(t, "claims", "v4.block.bind", "--format", "json").stdout), &one)).To(gomega.Succeed())
	g.Expect(one.ID).To(gomega.Equal("v4.block.bind"))
	markdown := loopmatrix(t, "claims", "v4.block.bind", "--format", "markdown").stdout
	g.Expect(strings.Count(markdown, "\n| `")).To(gomega.Equal(1))
	refused(t, exitUsage, []string{`"v4.blokc.bind" picks no claim; near it: v4.block.bind`}, "claims", "v4.blokc.bind")
}

// TestClaimPlaces opens what each claim names as its place, and finds there what is named.
func TestClaimPlaces(t *testing.T) {
	root, files := filepath.Join("..", ".."), map[string][]string{}
	line := func(file string, number int) string {
		if files[file] == nil {
			b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
			if err != nil {
				t.Fatal(err)
			}
			files[file] = strings.Split(string(b), "\n")
		}
		return files[file][number-1]
	}
	place := regexp.MustCompile(`(?m)^(declared|spec|rule|fault) +(suites/\S+\.go):(\d+)$`)
	for _, e := range claim.Catalogue() {
		text := string(claimText(e.Claim))
		_, last, _ := strings.Cut(text, "\n\ndeclared")
		named := map[string]int{}
		for _, found := range place.FindAllStringSubmatch("declared"+last, -1) {
			number, err := strconv.Atoi(found[3])
			if err != nil {
				t.Fatal(err)
			}
			named[found[1]]++
			want := map[string]string{"declared": "claim.", "spec": "func", "rule": "func", "fault": `"` + e.Fault + `"`}[found[1]]
			if shown := line(found[2], number); !strings.Contains(shown, want) {
				t.Errorf("%s: %s: %q, which has no %s", e.ID, found[0], shown, want)
			}
		}
		if (named["spec"] > 0) != e.Measured() || (named["rule"] == 1) != (e.Rule != nil) || (named["fault"] == 1) != (e.Fault != "") || named["declared"] != 1 {
			t.Errorf("%s: it names %v: %s", e.ID, named, last)
		}
		if left := place.ReplaceAllString("declared"+last, ""); strings.TrimSpace(left) != "" {
			t.Errorf("%s: it ends with %q", e.ID, left)
		}
	}
}

// TestClaimPlatforms asks what each published column answers; how that looks is for the tests of
// package render.
func TestClaimPlatforms(t *testing.T) {
	g := gomega.NewWithT(t)
	reports, err := published.Reports(claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	text := loopmatrix(t, "claims", "v4.egress.dst.default", "--platforms")
	g.Expect(text.code).To(gomega.Equal(exitFine), text.stderr)
	var answers render.ClaimAnswers
	g.Expect(json.Unmarshal([]byte(loopmatrix(t, "claims", "v4.egress.dst.default", "--platforms", "--format", "json").stdout), &answers)).To(gomega.Succeed())
	g.Expect(answers.Claim).To(gomega.Equal("v4.egress.dst.default"))
	g.Expect(answers.Platforms).To(gomega.HaveLen(len(reports)))
	for _, a := range answers.Platforms {
		g.Expect(text.stdout).To(gomega.MatchRegexp(`(?m)^%s %s: .*measured %s$`, a.Mark, a.Platform, a.Measured))
		g.Expect(a.Behaviour + a.Reason).NotTo(gomega.BeEmpty())
	}
	one := loopmatrix(t, "claims", "v4.egress.dst.default", "--format", "json").stdout
	g.Expect(one).NotTo(gomega.ContainSubstring(`"platforms"`), "the catalogue only")
	refused(t, exitUsage, []string{"--platforms shows the answers to one claim"}, "claims", "headline", "--platforms")
	refused(t, exitUsage, []string{"--platforms: ", "it takes text, json"}, "claims", "v4.block.bind", "--platforms", "--format", "markdown")
	refused(t, exitUsage, []string{"--all is for this machine"}, "matrix", "--all", "a.json")
}
