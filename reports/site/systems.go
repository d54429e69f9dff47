package site

import (
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
)

// system is a kind of system and its columns in the table.
type system struct {
	render.System
	Columns []column
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
