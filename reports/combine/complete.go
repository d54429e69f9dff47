package combine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Lacking returns the ids of the catalogue that a report was not measured against, in their order.
func Lacking(r model.Report, catalogue []claim.Entry) []string {
	var out []string
	for _, e := range catalogue {
		if !slices.Contains(r.MeasuredAgainst(), e.ID) {
			out = append(out, e.ID)
		}
	}
	return out
}

// Complete adds to a report what a later run on the same platform has measured of the claims that
// the report lacks. Its own results stay as they are. The result is of the newest schema and not
// sealed yet.
func Complete(r, later model.Report, catalogue []claim.Entry) (model.Report, error) {
	if r.Platform.ID != later.Platform.ID {
		return r, fmt.Errorf("the report is of %s, and what was measured now of %s; complete it where it was measured", r.Platform.ID, later.Platform.ID)
	}
	if err := r.Intact(); err != nil { // or the new digest would hide it
		return r, err
	}
	lacking := Lacking(r, catalogue)
	fresh := map[string][]model.Result{}
	for _, result := range later.Results {
		if result.Reason != model.NotSelected && result.Reason != model.Interrupted {
			fresh[result.Claim] = append(fresh[result.Claim], result)
		}
	}
	absent := slices.DeleteFunc(slices.Clone(lacking), func(id string) bool { return len(fresh[id]) > 0 })
	if len(absent) > 0 || len(lacking) == 0 {
		return r, fmt.Errorf("%s: nothing was measured of what the report lacks (%s)", r.Platform.ID, strings.Join(absent, ", "))
	}
	by := later.By("")
	out := r
	out.Schema, out.Digest, out.Outside = model.Schema, nil, r.By("").Outside
	out.Run.Target, out.Run.How = "", "" // of schema 1; they are part of Outside now
	out.Added = append(slices.Clone(r.Added), model.Addition{Kit: by.Kit, Platform: by.Platform, Run: by.Run, Outside: by.Outside, Claims: lacking})
	out.Catalogue, out.Results = nil, nil
	for _, e := range catalogue {
		out.Catalogue = append(out.Catalogue, e.ID)
		if slices.Contains(lacking, e.ID) {
			out.Results = append(out.Results, fresh[e.ID]...)
			continue
		}
		for _, result := range r.Results {
			if result.Claim == e.ID {
				out.Results = append(out.Results, result)
			}
		}
	}
	return out, nil
}
