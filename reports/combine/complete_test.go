package combine

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// measuredAgainst returns a sealed report of schema 2.
func measuredAgainst(t *testing.T, r model.Report, ids ...string) model.Report {
	t.Helper()
	r.Schema, r.Catalogue = model.Schema, ids
	r, err := r.Sealed()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// left returns the result of a claim that a run was told to leave out.
func left(id string) model.Result {
	r := notRun(id)
	r.Reason = model.NotSelected
	return r
}

func TestComplete(t *testing.T) {
	g := gomega.NewWithT(t)
	old := measuredAgainst(t, report(here, 1, no("a.must"), yes("c.must")), "a.must", "c.must")
	later := report(here, 9, left("a.must"), yes("b.must"), no("c.must"))
	later.Kit.Version, later.Outside = "2.0.0", &model.Outside{Kit: model.Kit{Version: "2.0.0"}, Target: "kernel"}
	later = measuredAgainst(t, later, "a.must", "b.must", "c.must")
	g.Expect(Lacking(old, catalogue())).To(gomega.Equal([]string{"b.must"}))
	out, err := Complete(old, later, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(out.Digest).To(gomega.BeNil(), "who writes it seals it")
	g.Expect(out.Catalogue).To(gomega.Equal([]string{"a.must", "b.must", "c.must"}))
	g.Expect(out.Results).To(gomega.Equal([]model.Result{old.Results[0], later.Results[1], old.Results[1]}), "what it had stays")
	g.Expect(out.Run).To(gomega.Equal(old.Run))
	g.Expect(out.Kit).To(gomega.Equal(old.Kit))
	g.Expect(out.Added).To(gomega.Equal([]model.Addition{{Kit: later.Kit, Platform: later.Platform, Run: later.Run, Outside: later.Outside,
		Claims: []string{"b.must"}}}))
	g.Expect(out.By("b.must").Kit.Version).To(gomega.Equal("2.0.0"))
	g.Expect(out.By("c.must").Kit.Version).To(gomega.Equal("1.0.0"))
	g.Expect(Lacking(out, catalogue())).To(gomega.BeEmpty())
	g.Expect(old.Added).To(gomega.BeEmpty())
}

// TestCompleteOlder completes a report of schema 1, which mixes in how the kit was run on a target.
func TestCompleteOlder(t *testing.T) {
	g := gomega.NewWithT(t)
	old := report(here, 1, yes("a.must"))
	old.Run.Target, old.Run.How = "kernel", "QEMU"
	old, err := old.Sealed()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	out, err := Complete(old, measuredAgainst(t, report(here, 9, no("b.must")), "b.must"), catalogue()[1:2])
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(out.Schema).To(gomega.Equal(model.Schema))
	g.Expect(out.Outside).To(gomega.Equal(&model.Outside{Kit: old.Kit, Target: "kernel", How: "QEMU"}))
	g.Expect(out.Run.Target + out.Run.How).To(gomega.BeEmpty())
}

func TestCompleteRefuses(t *testing.T) {
	whole := []string{"a.must", "b.must", "c.must"}
	now := func(results ...model.Result) model.Report {
		return measuredAgainst(t, report(here, 9, results...), whole...)
	}
	old := measuredAgainst(t, report(here, 1, no("a.must"), yes("c.must")), "a.must", "c.must")
	edited := old
	edited.Results = []model.Result{yes("a.must"), yes("c.must")}
	for want, c := range map[string]struct{ old, later model.Report }{
		"complete it where it was measured": {old, measuredAgainst(t, report("linux-6.13-amd64", 9, yes("b.must")), whole...)},
		"is not what the kit wrote":         {edited, now(yes("b.must"))},
		"lacks (b.must)":                    {old, now(left("b.must"))},
		"lacks ()":                          {now(yes("a.must"), yes("b.must"), yes("c.must")), now(yes("b.must"))},
	} {
		_, err := Complete(c.old, c.later, catalogue())
		gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
	}
}
