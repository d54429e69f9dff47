package binds

import (
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// seen is one case of a rule: what was observed, and the word that must come of it; no word means unclear.
type seen struct {
	name string
	set  observe.Set
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
func see(op, proto, target string, changes ...func(*observe.Observation)) observe.Observation {
	o := observe.Observation{Op: op, Proto: proto, Targets: []string{target}, Outcome: observe.OK, Count: 1}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func errno(name string) func(*observe.Observation) {
	classes := map[string]observe.Outcome{"EADDRINUSE": observe.InUse, "EACCES": observe.Denied, "EPERM": observe.Denied,
		"EADDRNOTAVAIL": observe.Unavailable, "EINVAL": observe.Invalid, "ENOPROTOOPT": observe.Unsupported,
		"ENETUNREACH": observe.Unreachable, "EMFILE": observe.Exhausted, "ECONNREFUSED": observe.Refused}
	return func(o *observe.Observation) { o.Errno, o.Number, o.Outcome = name, 1, classes[name] }
}

func outcome(want observe.Outcome) func(*observe.Observation) {
	return func(o *observe.Observation) { o.Outcome = want }
}

func from(source string) func(*observe.Observation) {
	return func(o *observe.Observation) { o.Source = source }
}

func value(v string) func(*observe.Observation) {
	return func(o *observe.Observation) { o.Value = v }
}

func variant(v string) func(*observe.Observation) {
	return func(o *observe.Observation) { o.Variant = v }
}

func count(n int) func(*observe.Observation) {
	return func(o *observe.Observation) { o.Count = n }
}

var inUse, lost, astray = errno("EADDRINUSE"), outcome(observe.Lost), outcome(observe.Astray)

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
