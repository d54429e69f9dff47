package site

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// system is a kind of system and its columns in the table.
type system struct {
	render.System
	Columns []column
	// Documented says that it has a column of what is documented, after those that were measured.
	Documented bool
}

// Span is how many columns stand below its name when all are unfolded.
func (s system) Span() int {
	if s.Documented {
		return len(s.Columns) + 1
	}
	return len(s.Columns)
}

// Folds says whether the columns of the system can be folded into one.
func (s system) Folds() bool { return len(s.Columns) > 1 }

// Platforms are those of all its columns.
func (s system) Platforms() []model.Column {
	var out []model.Column
	for _, c := range s.Columns {
		out = append(out, c.Platforms...)
	}
	return out
}

// column is one or more platforms of a kind that agree in everything.
type column struct {
	Platforms []model.Column
}

// systems puts the platforms of a matrix in their columns.
func systems(m model.Matrix) []system {
	var out []system
	for _, s := range render.Systems(m.Platforms) {
		kind := system{System: s}
		at := map[string]int{}
		for _, p := range m.Platforms {
			if p.Family != s.Family {
				continue
			}
			print := render.Fingerprint(m, p.ID)
			i, agrees := at[print]
			if !agrees {
				i = len(kind.Columns)
				at[print] = i
				kind.Columns = append(kind.Columns, column{})
			}
			kind.Columns[i].Platforms = append(kind.Columns[i].Platforms, p)
		}
		out = append(out, kind)
	}
	return out
}

// tabled are the systems of the table: those that were measured, and those of which only documents
// tell.
func (b *builder) tabled() []system {
	var all []model.Column
	for _, s := range b.systems {
		all = append(all, model.Column{Platform: model.Platform{Family: s.Family}})
	}
	said := render.DocumentedSystems(b.matrix)
	for _, s := range said {
		all = append(all, model.Column{Platform: model.Platform{Family: s.Family}})
	}
	var out []system
	for _, kind := range render.Systems(all) {
		one := system{System: kind}
		for _, s := range b.systems {
			if s.System == kind {
				one = s
			}
		}
		one.Documented = slices.Contains(said, kind) && b.says(kind)
		if one.Span() > 0 {
			out = append(out, one)
		}
	}
	return out
}

// says reports whether any claim is answered for a system by what is documented.
func (b *builder) says(s render.System) bool {
	return slices.ContainsFunc(b.matrix.Claims, func(c claim.Claim) bool { return len(b.matrix.Answer(c.ID, s.Family)) > 0 })
}
