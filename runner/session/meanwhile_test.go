package session

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestChanged names what differs, and nothing of two states that say the same.
func TestChanged(t *testing.T) {
	g := gomega.NewWithT(t)
	state := func(flags ...string) model.State {
		return model.State{Lo: &model.Lo{Name: "lo", Flags: flags}, Filter: "none", Switches: map[string]string{"a": "0"}}
	}
	g.Expect(changed(state("up"), state("up"))).To(gomega.BeEmpty())
	other := state("up")
	other.Filter, other.Switches = "nftables: 1 rule", map[string]string{"a": "1"}
	g.Expect(changed(state("up"), other)).To(gomega.Equal([]string{"packet filter", "switches"}))
	g.Expect(changed(state("up"), state())).To(gomega.Equal([]string{"lo"}))
	g.Expect(changed(state("up"), model.State{})).To(gomega.ContainElement("lo"))
}

// TestUnsettled takes the answers about this machine away, and leaves those of private hosts and
// what was no answer. They stay away when the report is judged again.
func TestUnsettled(t *testing.T) {
	g := gomega.NewWithT(t)
	results := []claim.Result{
		{Claim: "v4.block.bind", Finding: claim.Finding{Verdict: claim.Observed, Behaviour: "whole-block"}},
		{Claim: "v4.closed.refused", Finding: claim.Finding{Verdict: claim.NotRun, Reason: "no socket"}},
		{Claim: "v4.egress.dst.default", Finding: claim.Finding{Verdict: claim.Conforms, Behaviour: "stays-inside"}},
	}
	unsettled(results, []string{"lo"})
	g.Expect(results[0].Finding).To(gomega.Equal(claim.Finding{Verdict: claim.Inconclusive, Reason: "lo changed while this machine was measured"}))
	g.Expect(results[1].Verdict).To(gomega.Equal(claim.NotRun))
	g.Expect(results[2].Verdict).To(gomega.Equal(claim.Conforms))
	bind, err := claim.Select("v4.block.bind", claim.Catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	again := model.Result{Claim: results[0].Claim, Finding: results[0].Finding, Observations: results[0].Observations}
	g.Expect(again.Judge(bind[0])).To(gomega.Equal(results[0].Finding))
}
