// Package errata withdraws published answers that are known to be wrong. The reports stay as they
// are; the cell of a withdrawn answer says so, and why, and counts neither for nor against a
// system.
package errata

import (
	"embed"
	"fmt"
	"path"
	"sync"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

//go:embed *.json
var files embed.FS

// All returns all errata, in the order of the file names. All problems are named at once.
var All = sync.OnceValues(func() ([]model.Erratum, error) {
	all := &multierror.Error{ErrorFormat: model.Lines}
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var out []model.Erratum
	for _, n := range names {
		text, err := files.ReadFile(n.Name())
		if err != nil {
			return nil, err
		}
		e, err := model.DecodeErrata(text, path.Join("reports/errata", n.Name()), claim.Catalogue())
		if err != nil {
			all = multierror.Append(all, err)
		}
		out = append(out, e.Errata...)
	}
	return out, all.ErrorOrNil()
})

// Of returns the erratum that withdraws a result of a report, which was judged by the rules of this
// version.
func Of(all []model.Erratum, r model.Report, result model.Result) (model.Erratum, bool) {
	for _, e := range all {
		if e.Withdraws(r, result) {
			return e, true
		}
	}
	return model.Erratum{}, false
}

// Settles reports whether a problem is that a stored verdict does not follow from what was
// observed, and an erratum withdraws just that verdict: the rules have changed since, and a report
// is not edited.
func Settles(all []model.Erratum, r model.Report, p model.Problem) bool {
	var i int
	if n, _ := fmt.Sscanf(p.Path, "results[%d].", &i); n != 1 || i >= len(r.Results) {
		return false
	}
	_, is := Of(all, r, r.Results[i])
	return is
}
