// Package combine puts reports side by side as a matrix, joins repeated reports of one platform,
// and judges old reports again: the same reports in any order give the same value.
package combine

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Combine puts reports side by side: the claims of the catalogue down, the platforms across in the
// order of their ids. A pair that was not measured has no cell. What did not run has a cell, with
// its reason. The error holds everything that keeps the reports from being combined, one of the
// types of this package for each.
func Combine(reports []model.Report, catalogue []claim.Entry) (model.Matrix, error) {
	table := NewTable(catalogue)
	for _, r := range reports {
		table.Add(r)
	}
	return table.Matrix()
}

// Rejudge is a report with every verdict and behaviour computed anew from its observations by the
// rules of the catalogue. What did not run stays as it is, and so do claims that the catalogue does
// not have.
func Rejudge(r model.Report, catalogue []claim.Entry) model.Report {
	r.Results = slices.Clone(r.Results)
	judge(r.Results, catalogue, rowsOf(catalogue))
	return r
}

// judge is Rejudge for results held nowhere else.
func judge(results []model.Result, catalogue []claim.Entry, rows map[string]int) {
	for i := range results {
		if row, is := rows[results[i].Claim]; is {
			results[i].Finding = results[i].Judge(catalogue[row])
		}
	}
}

// rowsOf finds the row of each claim.
func rowsOf(catalogue []claim.Entry) map[string]int {
	rows := make(map[string]int, len(catalogue))
	for i, e := range catalogue {
		rows[e.ID] = i
	}
	return rows
}
