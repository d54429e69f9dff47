package binds

import (
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// seen is one case of a rule: what was observed, and the word that must come of it; no word means
// unclear.
type seen struct {
	name string
	set  observation.Set
	want string
}

func TestMain(m *testing.M) { os.Exit(claimtest.Run(m)) }

// judge tests the rule of a claim by a table, each case once and twice over.
func judge(t *testing.T, id string, cases []seen) {
	t.Helper()
	var table []claimtest.Row
	for _, c := range cases {
		table = append(table, claimtest.Row{Name: c.name, Seen: c.set, Want: c.want},
			claimtest.Row{Name: c.name + ", twice", Seen: slices.Concat(c.set, c.set), Want: c.want})
	}
	claimtest.Rule(t, id, table)
}

// see makes an observation of a target, OK unless it is changed.
func see(op, proto, target string, changes ...func(*observation.Observation)) observation.Observation {
	o := observation.Observation{Op: op, Proto: proto, Targets: []string{target}, Outcome: observation.OK, Count: 1}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func errno(name string) func(*observation.Observation) {
	classes := map[string]observation.Outcome{"EADDRINUSE": observation.InUse, "EACCES": observation.Denied, "EPERM": observation.Denied,
		"EADDRNOTAVAIL": observation.Unavailable, "EINVAL": observation.Invalid, "ENOPROTOOPT": observation.Unsupported,
		"ENETUNREACH": observation.Unreachable, "EMFILE": observation.Exhausted, "ECONNREFUSED": observation.Refused}
	return func(o *observation.Observation) { o.Errno, o.Number, o.Outcome = name, 1, classes[name] }
}

func outcome(want observation.Outcome) func(*observation.Observation) {
	return func(o *observation.Observation) { o.Outcome = want }
}

func from(source string) func(*observation.Observation) {
	return func(o *observation.Observation) { o.Source = source }
}

func value(v string) func(*observation.Observation) {
	return func(o *observation.Observation) { o.Value = v }
}

func variant(v string) func(*observation.Observation) {
	return func(o *observation.Observation) { o.Variant = v }
}

func count(n int) func(*observation.Observation) {
	return func(o *observation.Observation) { o.Count = n }
}

var inUse, lost, astray = errno("EADDRINUSE"), outcome(observation.Lost), outcome(observation.Astray)

const one, two, wild = "127.0.0.1", "127.0.0.2", "0.0.0.0"

// TestEveryClaimOfTheFamily holds what the catalogue promises against what is declared.
func TestEveryClaimOfTheFamily(t *testing.T) {
	levels := map[string]claim.Level{}
	for _, g := range claim.Golden() {
		if g.Family == claim.Binds {
			levels[g.ID] = g.Level
		}
	}
	for _, e := range claim.Catalogue() {
		if level, golden := levels[e.ID]; !golden || level != e.Level || e.Family != claim.Binds {
			t.Errorf("%s: level %s, family %s; ids.txt has %q", e.ID, e.Level, e.Family, level)
		}
		delete(levels, e.ID)
	}
	for id := range levels {
		t.Errorf("%s is not declared", id)
	}
}
