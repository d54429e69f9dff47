package block

import (
	"os"
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim/claimtest"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// row is what a rule must read from observations; no word means that it can't tell.
type row struct {
	name string
	seen observation.Set
	want string
}

func TestMain(m *testing.M) { os.Exit(claimtest.Run(m)) }

// read tests the rule of a claim by a table.
func read(t *testing.T, id string, rows []row) {
	t.Helper()
	var table []claimtest.Row
	for _, r := range rows {
		table = append(table, claimtest.Row{Name: r.name, Seen: r.seen, Want: r.want})
	}
	claimtest.Rule(t, id, table)
}

// saw makes one observation. What came back is OK, "lost", "timeout", "astray", or an errno.
func saw(op, variant, target, back string) observation.Observation {
	o := observation.Observation{Op: op, Variant: variant, Targets: []string{target}, Outcome: observation.Outcome(back), Count: 1}
	if class, known := classes[back]; known {
		o.Outcome, o.Errno = class, back
	}
	return o
}

const ok = string(observation.OK)

var classes = map[string]observation.Outcome{
	"EACCES": observation.Denied, "EPERM": observation.Denied, "EADDRNOTAVAIL": observation.Unavailable, "ECONNREFUSED": observation.Refused,
	"ENETUNREACH": observation.Unreachable, "EHOSTUNREACH": observation.Unreachable, "EMSGSIZE": observation.TooBig, "EINVAL": observation.Invalid,
}

// each makes one observation for every address, in pairs of address and what came back.
func each(op, variant string, pairs ...string) observation.Set {
	var out observation.Set
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, saw(op, variant, pairs[i], pairs[i+1]))
	}
	return out
}

func join(sets ...observation.Set) observation.Set { return slices.Concat(sets...) }

// from sets the source of every observation that arrived.
func from(source string, seen observation.Set) observation.Set {
	for i := range seen {
		if seen[i].Outcome == observation.OK {
			seen[i].Source = source
		}
	}
	return seen
}

// valued sets the value of every observation.
func valued(value string, seen observation.Set) observation.Set {
	for i := range seen {
		seen[i].Value = value
	}
	return seen
}
