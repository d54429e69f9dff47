package claim

import (
	"context"
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// measureParts measures every part where it belongs and judges all observations together.
func measureParts(ctx context.Context, e Entry, h *host.Host) Result {
	if h.Private == nil {
		return Result{Claim: e.ID, Finding: Finding{Verdict: NotRun, Reason: sock.Reason(h.Wire)}}
	}
	parts := make([]Result, len(e.Parts))
	for i, p := range e.Parts {
		if p.Here {
			parts[i] = observed(ctx, e.ID, p.Spec, h)
			continue
		}
		r, err := measureApart(ctx, e.ID, i, h)
		if err != nil {
			return Result{Claim: e.ID, Finding: Finding{Verdict: NotRun, Reason: sock.Reason(err)}}
		}
		parts[i] = r
	}
	return Join(e, parts)
}

// measureApart measures one part in a private host of its own. The error says why there is none.
func measureApart(ctx context.Context, id string, part int, h *host.Host) (Result, error) {
	type answer struct {
		r   Result
		err error
	}
	a, ended := await(ctx, func() (a answer) {
		a.err = h.Private(id, part, &a.r)
		return a
	})
	if !ended {
		return overdue(id, "the private host did not end in time"), nil
	}
	return a.r, a.err
}

// Join judges the observations of all parts of a claim together. A part that could not run, or
// broke off, decides for the claim: half of the observations are not an answer.
func Join(e Entry, parts []Result) Result {
	all := Result{Claim: e.ID}
	for i, r := range parts {
		name := e.Parts[i].Name
		all.Observations = append(all.Observations, named(name, r.Observations)...)
		all.Captures = append(all.Captures, r.Captures...)
		if r.Verdict != "" {
			all.Finding = Finding{Verdict: all.Verdict.Worse(r.Verdict), Reason: fmt.Sprintf("%s: %s", name, r.Reason)}
		}
	}
	all.Observations = observation.Fold(all.Observations)
	if all.Verdict == "" {
		all.Finding = Judge(e.Claim, all.Observations)
	}
	return all
}

// named puts the name of the part in front of the variants.
func named(part string, seen observation.Set) observation.Set {
	for i := range seen {
		if seen[i].Variant == "" {
			seen[i].Variant = part
			continue
		}
		seen[i].Variant = part + ", " + seen[i].Variant
	}
	return seen
}

// MeasurePart runs one part of a claim on the private host that this process is in, whose Own are
// the addresses that the kit did not give it. Its verdict is empty unless there is nothing to
// judge.
func MeasurePart(ctx context.Context, e Entry, part int, h *host.Host) (Result, error) {
	p := e.Parts[part]
	r := observed(ctx, e.ID, p.Spec, h)
	if len(h.Cables) == 0 {
		return r, nil
	}
	capture, err := wire.Capture(e.ID+": "+p.Name, h.Cables...)
	if err != nil {
		return r, fmt.Errorf("capture of %s, %s: %w", e.ID, p.Name, err)
	}
	r.Captures = []Capture{{Part: p.Name, Bytes: capture}}
	return r, nil
}
