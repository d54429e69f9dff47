// Package combine puts reports side by side as a matrix, joins repeated reports of one platform, and judges old reports
// again. All of it is pure: the same reports in any order give the same value.
package combine

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// Combine puts reports side by side: the claims of the catalogue down, the platforms across in the order of their ids.
// A pair that nobody measured has no cell. What did not run has a cell, with its reason. The error holds everything
// that keeps the reports from being combined, one of the types of this package for each.
func Combine(reports []model.Report, catalogue []claim.Entry) (model.Matrix, error) {
	reports = ordered(reports)
	if err := combinable(reports, catalogue); err != nil {
		return model.Matrix{}, err
	}
	m := model.Matrix{
		Schema:    model.Schema,
		Claims:    make([]claim.Claim, 0, len(catalogue)),
		Platforms: make([]model.Column, 0, len(reports)),
		Cells:     map[string]map[string]model.Cell{},
	}
	for _, e := range catalogue {
		c := e.Claim
		c.Rule = nil // a matrix is data, and its lists are lists where they are empty
		c.Behaviours = append([]claim.Behaviour{}, c.Behaviours...)
		c.Gates = append([]claim.Gate{}, c.Gates...)
		m.Claims = append(m.Claims, c)
	}
	for _, r := range reports {
		started := r.Run.Started.UTC().Round(0)
		m.Platforms = append(m.Platforms, model.Column{Platform: r.Platform, Measured: started, Report: r.Platform.ID + ".json", Kit: r.Kit})
		m.Generated = later(m.Generated, started)
		for _, result := range r.Results {
			if m.Cells[result.Claim] == nil {
				m.Cells[result.Claim] = map[string]model.Cell{}
			}
			m.Cells[result.Claim][r.Platform.ID] = cell(result)
		}
	}
	return m, nil
}

// ordered is the reports by platform and time, without touching the slice it was given.
func ordered(reports []model.Report) []model.Report {
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b model.Report) int {
		return cmp.Or(cmp.Compare(a.Platform.ID, b.Platform.ID), a.Run.Started.Compare(b.Run.Started), cmp.Compare(a.File, b.File))
	})
	return reports
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func cell(r model.Result) model.Cell {
	c := model.Cell{Verdict: r.Verdict, Behaviour: r.Behaviour, Detail: r.Reason}
	if r.Runs.Same < r.Runs.N {
		c.Unstable = fmt.Sprintf("%d of %d", r.Runs.Same, r.Runs.N)
	}
	return c
}

// combinable collects everything that keeps reports from being combined. They are in order.
func combinable(reports []model.Report, catalogue []claim.Entry) error {
	known := map[string]bool{}
	for _, e := range catalogue {
		known[e.ID] = true
	}
	all := &multierror.Error{ErrorFormat: model.Lines}
	for i, r := range reports {
		if i > 0 && reports[i-1].Platform.ID == r.Platform.ID {
			all = multierror.Append(all, &SamePlatform{r.Platform.ID, reports[i-1].File, r.File})
		}
		if r.Schema != model.Schema {
			all = multierror.Append(all, &OtherSchema{r.File, r.Schema})
		}
		if !model.ValidPlatformID(r.Platform.ID) {
			all = multierror.Append(all, &UnsafePlatform{r.File, r.Platform.ID})
		}
		seen := map[string]bool{}
		for _, result := range r.Results {
			if !known[result.Claim] {
				all = multierror.Append(all, &UnknownClaim{r.File, result.Claim})
			}
			if seen[result.Claim] {
				all = multierror.Append(all, &SameClaim{r.File, result.Claim})
			}
			seen[result.Claim] = true
			if result.Verdict.Rank() < 0 {
				all = multierror.Append(all, &UnknownVerdict{r.File, result.Claim, result.Verdict})
			}
		}
	}
	return all.ErrorOrNil()
}

// Rejudge is a report with every verdict and behaviour computed anew from its observations by the rules of the
// catalogue. What did not run stays as it is, and so do claims that the catalogue does not have.
func Rejudge(r model.Report, catalogue []claim.Entry) model.Report {
	known := map[string]claim.Entry{}
	for _, e := range catalogue {
		known[e.ID] = e
	}
	results := slices.Clone(r.Results)
	for i := range results {
		if e, is := known[results[i].Claim]; is {
			results[i].Finding = results[i].Judge(e)
		}
	}
	r.Results = results
	return r
}
