package model

import (
	"encoding/json"
	"maps"
	"slices"
)

// Amended returns the facts in which a platform as it was found inside differs from the same
// platform as it is known from outside, in the order of their names. A fact that is only known from
// outside was null inside.
func Amended(inside, known Platform) ([]Amendment, error) {
	was, err := facts(inside)
	if err != nil {
		return nil, err
	}
	is, err := facts(known)
	if err != nil {
		return nil, err
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(is))
	slices.Sort(names)
	var out []Amendment
	for _, name := range slices.Compact(names) {
		found, has := was[name]
		if !has {
			found = "null"
		}
		if found != is[name] {
			out = append(out, Amendment{Name: name, Inside: found})
		}
	}
	return out, nil
}

// facts returns the facts of a platform as JSON, by their paths in a report.
func facts(p Platform) (map[string]string, error) {
	out := map[string]string{}
	for at, of := range map[string]any{"platform": p, "platform.state": p.State} {
		b, err := json.Marshal(of)
		if err != nil {
			return nil, err
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(b, &fields); err != nil {
			return nil, err
		}
		for name, text := range fields {
			out[join(at, name)] = string(text)
		}
	}
	delete(out, "platform.state") // its own facts stand there
	return out, nil
}

// By returns who measured the result of a claim: the run that was added for it, or the first.
func (r Report) By(claim string) Addition {
	for _, a := range r.Added {
		if slices.Contains(a.Claims, claim) {
			return a
		}
	}
	outside := r.Outside
	if outside == nil && r.Run.Target != "" { // schema 1 mixes it in
		outside = &Outside{Kit: r.Kit, Target: r.Run.Target, How: r.Run.How}
	}
	return Addition{Kit: r.Kit, Platform: r.Platform, Run: r.Run, Outside: outside}
}

// How returns how the kit was run on a target; empty if it was started by hand.
func (a Addition) How() string {
	if a.Outside == nil {
		return ""
	}
	return a.Outside.How
}
