package model

import (
	"cmp"
	"slices"
)

// Replaced reports whether the measured columns of its system leave an entry nothing to say: the
// newest of them shows the same, or is not before the last version that the entry is about, or one
// of a version that it is about shows something else. An entry with a condition is replaced by
// none.
func (m Matrix) Replaced(e Documented) bool {
	if e.Condition != "" {
		return false
	}
	newest, shown := m.newest(e.Claim, e.System)
	switch {
	case newest == "":
		return false
	case slices.Contains(shown, e.Behaviour):
		return true
	default:
		return e.Until != "" && within(e.Until, newest) || m.contradicted(e)
	}
}

// Measured returns the newest release of a system that was measured and shows a behaviour for a
// claim; empty if none does.
func (m Matrix) Measured(claim, system string) string {
	newest, _ := m.newest(claim, system)
	return newest
}

// newest returns that release, and the behaviours that its platforms show.
func (m Matrix) newest(claim, system string) (release string, shown []string) {
	for _, p := range m.Platforms {
		cell, measured := m.Cell(claim, p.ID)
		if p.Family != system || !measured || cell.Behaviour == "" || p.Release() == "" {
			continue
		}
		switch c := CompareVersions(p.Release(), release); {
		case release == "" || c > 0:
			release, shown = p.Release(), []string{cell.Behaviour}
		case c == 0:
			shown = append(shown, cell.Behaviour)
		}
	}
	return release, shown
}

// With returns the matrix with what is documented, but for what was derived from an entry that a
// measurement contradicts.
func (m Matrix) With(d Documentation) Matrix {
	fallen := func(e Documented) bool {
		return slices.ContainsFunc(d.Entries, func(o Documented) bool {
			return o.System == e.System && slices.Contains(e.DerivedFrom, o.Claim) && o.overlaps(e) && m.contradicted(o)
		})
	}
	m.Documented = d
	m.Documented.Entries = slices.DeleteFunc(slices.Clone(d.Entries), fallen)
	return m
}

// contradicted reports whether a measured column of a version that an entry is about shows
// something else, and none the same.
func (m Matrix) contradicted(e Documented) bool {
	other := false
	for _, p := range m.Platforms {
		cell, measured := m.Cell(e.Claim, p.ID)
		if p.Family != e.System || e.Condition != "" || !measured || cell.Behaviour == "" || p.Release() == "" || !e.Holds(p.Release()) {
			continue
		}
		if cell.Behaviour == e.Behaviour {
			return false
		}
		other = true
	}
	return other
}

// Answer returns the entries that answer the question of a claim for a system, where no measurement
// does: those about the newest versions, both sides if they are disputed. None of them has a
// condition.
func (m Matrix) Answer(claim, system string) []Documented {
	var all []Documented
	for _, e := range m.Documented.Entries {
		if e.Claim == claim && e.System == system && e.Condition == "" && !m.Replaced(e) {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b Documented) int {
		return cmp.Or(unnamed(a)-unnamed(b), compareUntil(b.Until, a.Until), CompareVersions(cmp.Or(b.Since, "0"), cmp.Or(a.Since, "0")), confidence(a)-confidence(b))
	})
	if len(all) == 0 {
		return nil
	}
	return slices.DeleteFunc(all, func(e Documented) bool { return !e.overlaps(all[0]) })
}

// unnamed is 1 for an entry that names no version.
func unnamed(e Documented) int {
	if e.Since == "" && e.Until == "" {
		return 1
	}
	return 0
}

// confidence is the place of an entry's confidence; the best is 0.
func confidence(e Documented) int { return slices.Index(Confidences(), e.Confidence) }

// compareUntil compares last versions, of which none is the newest.
func compareUntil(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	default:
		return CompareVersions(a, b)
	}
}
