package compare

import (
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// sweep is one of the whole block; exceptions are written "127.9.8.7/32 lost" or
// "127.255.255.255/32 denied EACCES".
func sweep(protocol string, exceptions ...string) model.Sweep {
	s := model.Sweep{Protocol: protocol, Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: 1 << 24}
	for _, words := range exceptions {
		w := append(strings.Fields(words), "")
		s.Exceptions = append(s.Exceptions, model.Exception{CIDR: w[0], Outcome: observation.Outcome(w[1]), Errno: w[2]})
		p := parsed(w[0])
		s.Delivered -= 1 << (32 - p.Bits())
	}
	return s
}

func TestSweepsAreCompared(t *testing.T) {
	const edge = "127.255.255.255/32 denied EACCES"
	cut := sweep("udp", edge)
	cut.Left, cut.Addresses, cut.Delivered = []string{"127.0.0.0/9"}, 1<<23, 1<<23-1
	for name, c := range map[string]struct {
		old, now model.Sweep
		want     string // kind, effect and why; empty for no change
	}{
		"the same":                        {sweep("udp", edge), sweep("udp", edge), ""},
		"the same, cut in another way":    {sweep("udp", "127.2.0.0/15 lost"), sweep("udp", "127.2.0.0/16 lost", "127.3.0.0/16 lost"), ""},
		"one died":                        {sweep("udp", edge), sweep("udp", "127.9.8.7/32 lost", edge), "newly deviating, worse, new: 127.9.8.7 lost"},
		"one more died":                   {sweep("udp", "127.9.8.0/24 lost"), sweep("udp", "127.9.8.0/23 lost"), "other deviation, worse, new: 127.9.9.0/24 lost"},
		"one came back":                   {sweep("udp", "127.9.8.7/32 lost", edge), sweep("udp", edge), "newly conforming, better, no longer: 127.9.8.7 lost"},
		"one of two came back":            {sweep("udp", "127.9.8.6/31 lost"), sweep("udp", "127.9.8.6/32 lost"), "changed behaviour, better, no longer: 127.9.8.7 lost"},
		"dead in another way":             {sweep("udp", "127.9.8.7/32 lost"), sweep("udp", "127.9.8.7/32 refused ECONNREFUSED"), "other deviation, worse, new: 127.9.8.7 ECONNREFUSED; no longer: 127.9.8.7 lost"},
		"an edge became ordinary":         {sweep("udp", "127.0.0.0/32 denied EACCES", edge), sweep("udp", edge), "changed behaviour, neutral, no longer: 127.0.0.0 EACCES"},
		"interrupted before what is dead": {sweep("udp", "127.9.8.7/32 lost", edge), cut, ""},
		"another protocol":                {sweep("udp"), sweep("bind", "127.9.8.7/32 unavailable EADDRNOTAVAIL"), ""},
		"many": {sweep("udp"), sweep("udp", "127.0.0.1/32 lost", "127.0.0.3/32 lost", "127.0.0.5/32 lost", "127.0.0.7/32 lost", "127.0.0.9/32 lost", "127.0.0.11/32 lost"),
			"newly deviating, worse, new: 127.0.0.1 lost, 127.0.0.3 lost, 127.0.0.5 lost, 127.0.0.7 lost, 127.0.0.9 lost and 1 more ranges"},
	} {
		old, now := model.Report{Sweeps: []model.Sweep{c.old}}, model.Report{Sweeps: []model.Sweep{c.now}}
		got := swept(model.Comparison{Effect: model.Neutral}, old, now)
		is := ""
		if len(got.Changes) > 0 {
			change := got.Changes[0]
			is = string(change.Kind) + ", " + string(change.Effect) + ", " + change.New.Detail
			if got.Effect != change.Effect || change.Claim != "sweep.udp" || got.Same != 0 {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if is != c.want || len(got.Changes) > 1 {
			t.Errorf("%s: %q, want %q", name, is, c.want)
		}
	}
}

// TestSweepsOfFolders compares those of the same platform, and concludes from claims and sweeps
// together.
func TestSweepsOfFolders(t *testing.T) {
	of := func(id string, s model.Sweep) model.Report {
		return model.Report{Platform: model.Platform{ID: id}, Sweeps: []model.Sweep{s}}
	}
	c := model.Comparison{Effect: model.Better, Changes: []model.Change{{Claim: "v4.block.bind", Level: claim.Folk, Kind: model.NewlyConforming, Effect: model.Better}}}
	c = Sweeps(c, []model.Report{of("a", sweep("udp")), of("b", sweep("udp"))}, []model.Report{of("b", sweep("udp", "127.9.8.7/32 lost")), of("c", sweep("udp", "127.9.8.7/32 lost"))})
	if len(c.Changes) != 2 || c.Changes[0].Platform != "b" || c.Effect != model.Worse || c.Compared != 1 {
		t.Errorf("%+v", c)
	}
}
