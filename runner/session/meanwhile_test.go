package session

import (
	"errors"
	"net/netip"
	"runtime"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

// TestChanged names what differs, and nothing of two states that say the same.
func TestChanged(t *testing.T) {
	g := gomega.NewWithT(t)
	state := func(flags ...string) model.Platform {
		return model.Platform{Environment: "vm", State: model.State{Lo: &model.Lo{Name: "lo", Flags: flags}, Filter: "none", Switches: map[string]string{"a": "0"}}}
	}
	g.Expect(changed(state("up"), state("up"))).To(gomega.BeEmpty())
	other := state("up")
	other.State.Filter, other.State.Switches = "nftables: 1 rule", map[string]string{"a": "1"}
	g.Expect(changed(state("up"), other)).To(gomega.Equal([]string{"packet filter", "switches"}))
	g.Expect(changed(state("up"), state())).To(gomega.Equal([]string{"lo"}))
	g.Expect(changed(state("up"), model.Platform{})).To(gomega.ContainElement("lo"))
	for _, filter := range []string{"unknown: list tables: EPERM (1)", "iptables unknown: open: EACCES (13)"} {
		other.State.Filter = filter
		g.Expect(changed(state("up"), other)).To(gomega.Equal([]string{"switches"}), "a filter that this user can't read")
		g.Expect(changed(other, state("up"))).To(gomega.Equal([]string{"switches"}), "or could not read before")
	}
	sandbox := state("up")
	sandbox.Environment = "gvisor"
	g.Expect(changed(sandbox, other)).To(gomega.BeEmpty(), "gVisor's private hosts have the machine's switches")
}

// tables is a network whose routing table is another one each time.
type tables struct {
	netif.Network
	next [][]netif.Route
}

func (t *tables) Routes() ([]netif.Route, error) {
	if len(t.next) == 0 {
		return nil, errors.New("EPERM")
	}
	now := t.next[0]
	t.next = t.next[1:]
	return now, nil
}

// TestRerouted sees any route that came, went or changed, in whatever order they are listed, and
// takes what can't be read for no change.
func TestRerouted(t *testing.T) {
	local := netif.Route{Destination: netip.MustParsePrefix("127.0.0.0/8"), Interface: "lo", Kind: "local", Table: "local"}
	other := netif.Route{Destination: netip.MustParsePrefix("127.0.0.53/32"), Interface: "eth0", Kind: "unicast", Table: "main"}
	away := netif.Route{Destination: netip.MustParsePrefix("192.0.2.0/24"), Interface: "eth0", Kind: "unicast", Table: "main"}
	six := netif.Route{Destination: netip.MustParsePrefix("::1/128"), Interface: "lo", Kind: "local", Table: "local"}
	moved, rejects := other, other
	moved.Table, rejects.Kind = "100", "reject"
	for name, c := range map[string]struct {
		before, after []netif.Route
		want          bool
	}{
		"the same":        {[]netif.Route{local, other}, []netif.Route{local, other}, false},
		"in other order":  {[]netif.Route{local, other}, []netif.Route{other, local}, false},
		"one came":        {[]netif.Route{local}, []netif.Route{local, other}, true},
		"another network": {[]netif.Route{local}, []netif.Route{local, away}, false},
		"::1":             {[]netif.Route{local}, []netif.Route{local, six}, true},
		"one went":        {[]netif.Route{local, other}, []netif.Route{local}, true},
		"in other table":  {[]netif.Route{local, other}, []netif.Route{local, moved}, true},
		"of another kind": {[]netif.Route{local, other}, []netif.Route{local, rejects}, true},
		"of two, none":    {[]netif.Route{local, other}, []netif.Route{}, true},
	} {
		n := &tables{next: [][]netif.Route{c.before, c.after}}
		if got := rerouted(routes(n), routes(n)); got != (c.want && runtime.GOOS == "linux") {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		n.next = [][]netif.Route{c.before}
		if rerouted(routes(n), routes(n)) {
			t.Errorf("%s: what can't be read is taken for a change", name)
		}
	}
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
