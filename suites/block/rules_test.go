package block

import (
	"slices"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// row is what a rule must read from observations; no word means that it can't tell.
type row struct {
	name string
	seen observe.Set
	want string
}

// read asks the rule of a claim about every row, as it was seen and folded, and checks that the claim declares the word.
func read(t *testing.T, id string, rows []row) {
	t.Helper()
	entries := claim.Catalogue()
	i := slices.IndexFunc(entries, func(e claim.Entry) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("there is no claim %s", id)
	}
	c := entries[i].Claim
	for _, r := range append(rows, row{"nothing was observed", nil, ""}) {
		for form, seen := range map[string]observe.Set{"as seen": r.seen, "folded": observe.Fold(r.seen)} {
			answer := c.Rule(seen)
			if answer.Word != r.want || answer.Clear != (r.want != "") {
				t.Errorf("%s, %s, %s: %q (%s), want %q", id, r.name, form, answer.Word, answer.Reason, r.want)
			}
			if _, declared := c.Behaviour(answer.Word); answer.Clear && !declared {
				t.Errorf("%s, %s: %q is not declared", id, r.name, answer.Word)
			}
			if answer.Reason == "" {
				t.Errorf("%s, %s, %s: no reason", id, r.name, form)
			}
		}
	}
}

// saw makes one observation. What came back is OK, "lost", "timeout", "astray", or an errno.
func saw(op, variant, target, back string) observe.Observation {
	o := observe.Observation{Op: op, Variant: variant, Targets: []string{target}, Outcome: observe.Outcome(back), Count: 1}
	if class, known := classes[back]; known {
		o.Outcome, o.Errno = class, back
	}
	return o
}

const ok = string(observe.OK)

var classes = map[string]observe.Outcome{
	"EACCES": observe.Denied, "EPERM": observe.Denied, "EADDRNOTAVAIL": observe.Unavailable, "ECONNREFUSED": observe.Refused,
	"ENETUNREACH": observe.Unreachable, "EHOSTUNREACH": observe.Unreachable, "EMSGSIZE": observe.TooBig, "EINVAL": observe.Invalid,
}

// each makes one observation for every address, in pairs of address and what came back.
func each(op, variant string, pairs ...string) observe.Set {
	var out observe.Set
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, saw(op, variant, pairs[i], pairs[i+1]))
	}
	return out
}

func join(sets ...observe.Set) observe.Set { return slices.Concat(sets...) }

// from sets the source of every observation that arrived.
func from(source string, seen observe.Set) observe.Set {
	for i := range seen {
		if seen[i].Outcome == observe.OK {
			seen[i].Source = source
		}
	}
	return seen
}

// valued sets the value of every observation.
func valued(value string, seen observe.Set) observe.Set {
	for i := range seen {
		seen[i].Value = value
	}
	return seen
}
