package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func sampleSide(id, title string) *model.Side {
	return &model.Side{ID: id, Title: title, Measured: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Kit: model.Kit{Version: "v1.0.0", Commit: "0123abc"}}
}

// sampleComparison has a change of every kind and effect.
func sampleComparison() model.Comparison {
	conforms := &model.Cell{Verdict: claim.Conforms, Behaviour: "whole-block", Detail: "all 24 addresses were bound"}
	deviates := &model.Cell{Verdict: claim.Deviates, Behaviour: "only-127.0.0.1", Detail: "127.0.0.1 was bound, 127.0.0.2 gave EADDRNOTAVAIL"}
	unstable := &model.Cell{Verdict: claim.Conforms, Behaviour: "whole-block", Detail: "all 24 addresses were bound", Unstable: "4 of 5"}
	notRun := &model.Cell{Verdict: claim.NotRun, Detail: "socket: EPERM"}
	unclear := &model.Cell{Verdict: claim.Inconclusive, Detail: "the marker did not come back"}
	observed := &model.Cell{Verdict: claim.Observed, Behaviour: "source=127.0.0.1", Detail: "the server saw 127.0.0.1"}
	change := func(n int, e model.Effect, k model.Kind, old, now *model.Cell) model.Change {
		return model.Change{Claim: fmt.Sprintf("v4.claim.%d", n), Level: claim.Must, Question: "Can I bind 127.0.0.2 without any set-up?",
			Platform: "linux-6.12-vm-amd64", Kind: k, Effect: e, Old: old, New: now}
	}
	return model.Comparison{Schema: 1, Effect: model.Worse, Compared: 20, Same: 13, Rejudged: true,
		Pairs: []model.Pair{
			{Old: sampleSide("linux-6.12-vm-amd64", "Linux 6.12, VM"), New: sampleSide("linux-6.12-vm-amd64", "Linux 6.12, VM"), Differs: []model.Fact{
				{Name: "kit.version", Old: "v1.0.0", New: "v1.1.0"}, {Name: "platform.state.switches.net.ipv4.ip_nonlocal_bind", New: "1"}}},
			{Old: sampleSide("macos-15-arm64", "macOS 15")}, {New: sampleSide("freebsd-15.0-arm64", "FreeBSD 15.0")},
		},
		Changes: []model.Change{
			change(1, model.Worse, model.NewlyDeviating, conforms, deviates),
			change(2, model.Worse, model.NewlyMeasured, nil, deviates),
			change(3, model.Unclear, model.NewlyInconclusive, conforms, unclear),
			change(4, model.Unclear, model.NoLongerMeasured, deviates, notRun),
			change(5, model.Unclear, model.NewlyUnstable, conforms, unstable),
			change(6, model.Better, model.NewlyConforming, deviates, conforms),
			change(7, model.Neutral, model.NewlyMeasured, notRun, observed),
			change(8, model.Neutral, model.NewlyStable, unstable, conforms),
		}}
}

func TestComparisonGolden(t *testing.T) {
	c := sampleComparison()
	golden(t, "comparison-80.txt", ComparisonText(c, Terminal{Width: 80}))
	golden(t, "comparison-80-ascii.txt", ComparisonText(c, Terminal{ASCII: true}))
	golden(t, "comparison.md", ComparisonMarkdown(c))
	b, err := ComparisonJSON(c)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "comparison.json", b)
}

func TestConclusions(t *testing.T) {
	g := gomega.NewWithT(t)
	c := sampleComparison()
	g.Expect(conclusion(c)).To(gomega.Equal("Worse than before: 2 worse, 3 unclear, 1 better, 2 neutral, platforms gone: 1."))
	c.Pairs = c.Pairs[:1]
	for _, want := range []string{"Worse than before: 2 worse, 3 unclear, 1 better, 2 neutral.", "No longer sure of everything: 3 unclear, 1 better, 2 neutral.",
		"Better than before, so as a baseline the old one is stale: 1 better, 2 neutral.", "Nothing is worse: 2 neutral.", "Nothing has changed."} {
		for name, b := range map[string][]byte{"text": ComparisonText(c, Terminal{}), "markdown": ComparisonMarkdown(c)} {
			g.Expect(strings.Trim(strings.Split(string(b), "\n")[0], "*")).To(gomega.Equal(want), name)
		}
		if len(c.Changes) == 0 {
			c.Compared = 0
			g.Expect(conclusion(c)).To(gomega.HavePrefix("Nothing was compared"))
			return
		}
		gone := c.Effect
		for len(c.Changes) > 0 && c.Changes[0].Effect == gone {
			c.Changes = c.Changes[1:]
		}
		if c.Effect = model.Neutral; len(c.Changes) > 0 {
			c.Effect = c.Changes[0].Effect
		}
	}
}

// TestHostileComparison puts hostile texts where strangers can: nothing acts on a terminal or as
// Markdown, and the lines stay as many.
func TestHostileComparison(t *testing.T) {
	g := gomega.NewWithT(t)
	plain := sampleComparison()
	hostile := sampleComparison()
	const evil = "\x1b[2J\u202e<script>alert(1)</script> | a\n# b ![x](http://e.example/) @nobody `c`"
	for i := range hostile.Changes {
		if c := hostile.Changes[i].New; c != nil {
			hostile.Changes[i].New = &model.Cell{Verdict: c.Verdict, Behaviour: c.Behaviour, Detail: evil}
		}
	}
	hostile.Pairs[0].Differs[1] = model.Fact{Name: evil, Old: evil, New: evil}
	hostile.Pairs[0].New.Title, hostile.Pairs[0].New.Kit.Version = evil, evil
	md := ComparisonMarkdown(hostile)
	g.Expect(bytes.Count(md, []byte("\n"))).To(gomega.Equal(bytes.Count(ComparisonMarkdown(plain), []byte("\n"))))
	for name, b := range map[string][]byte{"text": ComparisonText(hostile, Terminal{}), "markdown": md} {
		g.Expect(b).NotTo(gomega.ContainElement(byte(0x1b)), name)
		g.Expect(string(b)).NotTo(gomega.ContainSubstring("\u202e"), name)
	}
	for _, s := range []string{"<script", "![", "http://", "@nobody", " `c"} {
		g.Expect(string(md)).NotTo(gomega.ContainSubstring(s))
	}
	before, err := model.Encode(plain)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	_ = ComparisonText(plain, Terminal{Colour: true})
	g.Expect(model.Encode(plain)).To(gomega.Equal(before), "rendering changes nothing")
}
