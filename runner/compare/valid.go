package compare

import (
	"maps"
	"slices"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// Valid returns what keeps a matrix from being compared, all of it at once: it comes from a file
// that another program may have written.
func Valid(m model.Matrix, file string) error {
	all := &multierror.Error{ErrorFormat: model.Lines}
	wrong := func(path, text string) {
		all = multierror.Append(all, model.Problem{File: file, Path: path, Text: text})
	}
	seen := map[string]bool{}
	for _, p := range m.Platforms {
		switch {
		case !model.ValidPlatformID(p.ID):
			wrong("platforms", "a platform has an id that is none")
		case seen[p.ID]:
			wrong("platforms", p.ID+" is there twice; remove one")
		}
		seen[p.ID] = true
	}
	claims := map[string]bool{}
	for _, c := range m.Claims {
		claims[c.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(m.Cells)) {
		if !claims[id] {
			wrong("cells", "there are cells of a claim that is not among the claims")
			continue
		}
		for _, platform := range slices.Sorted(maps.Keys(m.Cells[id])) {
			path := "cells." + id
			cell, _ := m.Cell(id, platform)
			switch {
			case !seen[platform]:
				wrong(path, "there is a cell of a platform that is not among the platforms")
			case cell.Verdict.Rank() < 0:
				wrong(path, "the cell of "+platform+" has a verdict that is none")
			}
		}
	}
	return all.ErrorOrNil()
}
