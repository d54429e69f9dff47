package combine

import (
	"cmp"
	"slices"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Repeat joins reports of one platform into one. Each claim gets the verdict and behaviour that
// most runs gave, with the observations of the first run that gave them, and k of n in its runs;
// the others are listed there. If two are equally frequent, the verdict that needs more attention
// wins (claim.Verdict.Rank), then the word that sorts first. It never becomes inconclusive for lack
// of a majority: the verdict has to follow from the observations beside it, and k of n says that it
// is unstable. Platform, kit and seed are those of the earliest run, the duration is the sum; the
// results stand in the order of the catalogue.
func Repeat(reports []model.Report, catalogue []claim.Entry) (model.Report, error) {
	if len(reports) == 0 {
		return model.Report{}, &NoReports{}
	}
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b model.Report) int { return a.Run.Started.Compare(b.Run.Started) })
	out := reports[0]
	out.Run.DurationMillis, out.Run.Repeat = 0, 0
	out.Digest = nil // of the earliest run; who writes this one makes its own
	all := &multierror.Error{ErrorFormat: model.Lines}
	results := map[string][]model.Result{}
	for _, r := range reports {
		if r.Platform.ID != out.Platform.ID {
			all = multierror.Append(all, &OtherPlatform{r.File, r.Platform.ID, out.Platform.ID})
		}
		out.Run.DurationMillis += r.Run.DurationMillis
		out.Run.Repeat += r.Run.Repeat
		for _, id := range r.MeasuredAgainst() {
			if out.Schema > 1 && !slices.Contains(out.Catalogue, id) {
				out.Catalogue = append(slices.Clip(out.Catalogue), id)
			}
		}
		for _, result := range r.Results {
			results[result.Claim] = append(results[result.Claim], result)
		}
	}
	out.Results = make([]model.Result, 0, len(results))
	for _, e := range catalogue {
		if several := results[e.ID]; len(several) > 0 {
			out.Results = append(out.Results, join(several))
		}
	}
	return out, all.ErrorOrNil()
}

// answer is what two runs must share to count as the same.
type answer struct {
	verdict   claim.Verdict
	behaviour string
}

// join is one result for several of one claim, each of which may be joined already.
func join(results []model.Result) model.Result {
	times := map[answer]int{}
	n := 0
	for _, r := range results {
		n += r.Runs.N
		times[answer{r.Verdict, r.Behaviour}] += r.Runs.Same
		for _, a := range r.Runs.Also {
			times[answer{a.Verdict, a.Behaviour}] += a.Times
		}
	}
	order := make([]answer, 0, len(times))
	for a := range times {
		order = append(order, a)
	}
	slices.SortFunc(order, func(a, b answer) int {
		return cmp.Or(times[b]-times[a], b.verdict.Rank()-a.verdict.Rank(), cmp.Compare(a.behaviour, b.behaviour))
	})
	// A modal answer that only stands among the alternatives of joined results has no observations
	// to show.
	shown := slices.IndexFunc(order, func(a answer) bool { return slices.ContainsFunc(results, a.of) })
	modal := order[shown]
	out := results[slices.IndexFunc(results, modal.of)]
	out.Runs = model.Runs{N: n, Same: times[modal]}
	for i, a := range order {
		if i != shown {
			out.Runs.Also = append(out.Runs.Also, model.Alternative{Verdict: a.verdict, Behaviour: a.behaviour, Times: times[a]})
		}
	}
	return out
}

func (a answer) of(r model.Result) bool { return a == answer{r.Verdict, r.Behaviour} }
