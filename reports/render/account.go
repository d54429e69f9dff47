package render

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// Account is how entries did that a measurement could be held against.
type Account struct {
	// Kinds and Confidences count them by the strongest kind of their citations, and by their
	// confidence.
	Kinds       []Tally
	Confidences []Tally
	// Wrong are those that the measurement contradicts.
	Wrong []Wrong
	// All counts all of them.
	All Tally
}

// Tally counts entries of one sort.
type Tally struct {
	Of           string
	Right, Total int
}

// Wrong is an entry and what was measured instead.
type Wrong struct {
	model.Documented
	// Platform is the title of the platform that was measured, and Measured its behaviour.
	Platform, Measured string
}

// Held returns the account of what is documented against the measured columns: of the same system,
// of a version that the entry is about, and with a behaviour for the claim. Where an ordinary
// user's column and root's differ, the ordinary user's counts. An entry with a condition is none
// that a column could show.
func Held(m model.Matrix) Account {
	var out Account
	for _, k := range model.CitationKinds() {
		out.Kinds = append(out.Kinds, Tally{Of: string(k)})
	}
	for _, c := range model.Confidences() {
		out.Confidences = append(out.Confidences, Tally{Of: string(c)})
	}
	for _, e := range m.Documented.Entries {
		platform, cell, measured := against(e, m)
		if !measured {
			continue
		}
		right := cell.Behaviour == e.Behaviour
		out.All.count(right)
		out.Kinds[slices.Index(model.CitationKinds(), strongest(e))].count(right)
		out.Confidences[slices.Index(model.Confidences(), e.Confidence)].count(right)
		if !right {
			out.Wrong = append(out.Wrong, Wrong{e, platform.Title, cell.Behaviour})
		}
	}
	return out
}

func (l *Tally) count(right bool) {
	l.Total++
	if right {
		l.Right++
	}
}

// against returns the cell that an entry is held against, and whether there is one.
func against(e model.Documented, m model.Matrix) (model.Column, model.Cell, bool) {
	if e.Condition != "" {
		return model.Column{}, model.Cell{}, false
	}
	columns := slices.Clone(m.Platforms)
	slices.SortStableFunc(columns, func(a, b model.Column) int { // the newest first, and of one version the ordinary user's
		return cmp.Or(model.CompareVersions(b.Release(), a.Release()), boolOrder(a.Privileged, b.Privileged))
	})
	for _, p := range columns {
		if p.Family != e.System || p.Release() == "" || !e.Holds(p.Release()) {
			continue
		}
		if cell, measured := m.Cell(e.Claim, p.ID); measured && cell.Behaviour != "" {
			return p, cell, true
		}
	}
	return model.Column{}, model.Cell{}, false
}

// strongest returns the strongest kind of an entry's citations.
func strongest(e model.Documented) model.CitationKind {
	kinds := model.CitationKinds()
	at := len(kinds) - 1
	for _, c := range e.Citations {
		at = min(at, slices.Index(kinds, c.Kind))
	}
	return kinds[at]
}

// Disputes returns the entries that contradict each other, of which a run decides.
func Disputes(m model.Matrix) []model.Documented {
	return slices.DeleteFunc(slices.Clone(m.Documented.Entries), func(e model.Documented) bool { return e.Disputed == "" || m.Replaced(e) })
}

// AccountMarkdown writes what became of documented entries, and which runs would decide what is
// disputed.
func AccountMarkdown(b *bytes.Buffer, m model.Matrix, a Account) {
	if a.All.Total == 0 {
		b.WriteString("No measured column is of a version that an entry is about.\n")
	} else {
		fmt.Fprintf(b, "Right: %d of %d.\n\n| entries | right | of |\n| --- | --- | --- |\n", a.All.Right, a.All.Total)
		for _, t := range slices.Concat(a.Kinds, a.Confidences) {
			if t.Total > 0 {
				fmt.Fprintf(b, "| %s | %d | %d |\n", t.Of, t.Right, t.Total)
			}
		}
		for i, w := range a.Wrong {
			if i == 0 {
				b.WriteString("\nWrong:\n\n")
			}
			fmt.Fprintf(b, "- %s: %s says %s, and %s shows %s\n", escape(w.Claim), Link(Versions(w.Documented), Proof(w.Documented)), escape(w.Behaviour), escape(w.Platform), escape(w.Measured))
		}
	}
	for i, e := range Disputes(m) {
		if i == 0 {
			b.WriteString("\nWhat to measure next, since the evidence contradicts itself:\n\n")
		}
		fmt.Fprintf(b, "- %s: %s says %s; %s decides\n", escape(e.Claim), Link(Versions(e), Proof(e)), escape(e.Behaviour), escape(e.Disputed))
	}
}
