package engine

import (
	"context"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// capacityClaim is the claim that is judged by what listeners are held.
const capacityClaim = "bind.capacity"

// Listeners holds as many listeners as the plan allows, and enters into the report what came of it:
// the figures, and the observations of the claim that they decide. The end of the context ends it
// with those that are held then. If it can't even begin, the report says why.
func Listeners(ctx context.Context, plan capacity.Plan, r model.Report, progress *capacity.Progress) (after model.Report, interrupted bool) {
	asked := plan.Most
	if asked == 0 {
		asked = capacity.Whole
	}
	if ctx.Err() != nil {
		r.Capacity = &model.Capacity{Asked: asked, Reason: model.Interrupted}
		return r, true
	}
	out, err := capacity.Run(ctx, plan, progress)
	if err != nil {
		r.Capacity = &model.Capacity{Asked: asked, Reason: sock.Reason(err)}
		return r, false
	}
	r.Capacity = figures(out, asked)
	r.Results = slices.Clone(r.Results)
	for i, e := range claim.Catalogue() {
		if e.ID == capacityClaim && i < len(r.Results) && r.Results[i].Claim == e.ID {
			r.Results[i] = decided(e.Claim, r.Results[i], out.Observations())
		}
	}
	return r, out.Stop.Limit == capacity.Interrupted
}

// decided judges a claim anew, by what was observed before and what has been now, once.
func decided(c claim.Claim, r model.Result, seen observation.Set) model.Result {
	r.Observations = observation.Fold(append(slices.Clone(r.Observations), seen...))
	r.Finding = claim.Judge(c, r.Observations)
	r.Runs = model.Runs{N: 1, Same: 1}
	return r
}

func figures(out capacity.Result, asked int) *model.Capacity {
	c := &model.Capacity{Held: out.Held, Asked: asked, Port: int(out.Port), Limit: model.Limit(out.Stop.Limit), Processes: out.Processes,
		Largest: out.Largest, Full: out.Full, Seconds: out.Took.Seconds(), FirstHalf: out.FirstHalf.Seconds(), Memory: memory(out)}
	if out.Stop.Err != nil {
		c.Why = sock.Reason(out.Stop.Err)
	}
	if out.Counted >= 0 {
		c.Counted = &out.Counted
	}
	for _, span := range out.Ranges {
		c.Ranges = append(c.Ranges, span.String())
	}
	for _, m := range out.Missed {
		for _, p := range m.Prefixes() {
			c.Exceptions = append(c.Exceptions, model.Exception{CIDR: p.String(), Outcome: m.Err.Outcome, Errno: m.Err.Errno})
		}
	}
	c.Extrapolation = c.Extrapolated()
	return c
}

// memory is nil where the system says nothing of it at all.
func memory(out capacity.Result) *model.Memory {
	m := model.Memory{Free: out.Free, Share: out.Share, Each: out.Each, Processes: out.Own, Largest: out.LargestOwn}
	if m.Each > 0 {
		m.By = out.EachBy
	}
	for _, a := range out.Accounts {
		m.Accounts = append(m.Accounts, model.Account(a))
	}
	if m.Free == 0 && m.Processes == 0 && len(m.Accounts) == 0 {
		return nil
	}
	return &m
}
