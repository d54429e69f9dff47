package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Check says what is wrong with a report that claims to be whole: what Validate finds and what
// Sound finds.
func (r Report) Check(catalogue []claim.Entry) error {
	all := multierror.Append(&multierror.Error{ErrorFormat: Lines}, r.Validate(catalogue), r.Sound(catalogue))
	return all.ErrorOrNil()
}

// Sound says what a valid report lacks: claims of the catalogue that it was measured against
// without a result, verdicts that don't follow from the observations stored beside them, and a
// digest that is not the report's. That there is no digest is for others to say: older kits made
// none.
func (r Report) Sound(catalogue []claim.Entry) error {
	p := &problems{file: r.File}
	known := index(catalogue)
	has := map[string]bool{}
	for i, result := range r.Results {
		has[result.name()] = true
		if e, declared := known[result.Claim]; declared {
			p.follows(fmt.Sprintf("results[%d]", i), result, *e)
		}
	}
	p.whole(r, known, has)
	if r.Digest != nil {
		p.intact(r)
	}
	return p.all.ErrorOrNil()
}

// whole tells the claims that lack a result, and those that every kit has and that the report's
// catalogue lacks.
func (p *problems) whole(r Report, known map[string]*claim.Entry, has map[string]bool) {
	against := r.MeasuredAgainst()
	var missing, lacks []string
	for _, id := range against {
		if known[id] != nil && !has[id] {
			missing = append(missing, id)
		}
	}
	for _, id := range First() {
		if known[id] != nil && !slices.Contains(against, id) {
			lacks = append(lacks, id)
		}
	}
	p.unless(len(missing) == 0, "results", "there is none for %s; measure again with this version of the kit", strings.Join(missing, ", "))
	p.unless(len(lacks) == 0, "catalogue", "it lacks %s, which every version of the kit has; take the file as the kit wrote it", strings.Join(lacks, ", "))
}

// follows checks that the verdict and behaviour of a result are what the claim's rule makes of its
// observations.
func (p *problems) follows(path string, r Result, e claim.Entry) {
	if r.Verdict.Rank() < 0 || len(r.Observations) == 0 && answered(r.Verdict) {
		return // Validate says so
	}
	again := r.Judge(e)
	p.unless(again.Verdict == r.Verdict, path+".verdict", "it is %s, but the observations of %s make it %s (%s)",
		r.Verdict, r.Claim, again.Verdict, again.Reason)
	p.unless(again.Verdict != r.Verdict || again.Behaviour == r.Behaviour, path+".behaviour", "it is %q, but the observations of %s make it %q (%s)",
		r.Behaviour, r.Claim, again.Behaviour, again.Reason)
}

// Judge computes the finding from the stored observations. What did not run, or broke off before
// the rule could be asked, stays as it is: there is nothing to judge.
func (r Result) Judge(e claim.Entry) claim.Finding {
	brokeOff := len(r.Observations) == 0 || len(r.Observations.Op(claim.Precondition)) > 0
	if r.Verdict == claim.NotRun || r.Verdict == claim.Inconclusive && brokeOff {
		return r.Finding
	}
	return claim.Judge(e.Claim, r.Observations)
}
