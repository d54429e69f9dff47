package claim

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

// measureParts measures every part in its private host and judges all observations together. A part that could not run,
// or broke off, decides for the claim: half of the observations are not an answer.
func measureParts(e Entry, h *host.Host) Result {
	all := Result{Claim: e.ID}
	if h.Private == nil {
		all.Finding = observe.Finding{Verdict: observe.NotRun, Reason: h.Wire.Error()}
		return all
	}
	for i, p := range e.Parts {
		r, err := privately(e, i, h)
		if err != nil {
			all.Finding = observe.Finding{Verdict: observe.NotRun, Reason: err.Error()}
			return all
		}
		all.Observations = append(all.Observations, named(p.Name, r.Observations)...)
		all.Captures = append(all.Captures, r.Captures...)
		if r.Verdict != "" && r.Verdict.Rank() > all.Verdict.Rank() { // the worst part says why
			all.Finding = observe.Finding{Verdict: r.Verdict, Reason: p.Name + ": " + r.Reason}
		}
	}
	all.Observations = observe.Fold(all.Observations)
	if all.Verdict == "" {
		all.Finding = Judge(e.Claim, all.Observations)
	}
	return all
}

func privately(e Entry, part int, h *host.Host) (r Result, err error) {
	err = h.Private(e.ID, part, &r)
	return r, err
}

// named puts the name of the part in front of the variants.
func named(part string, seen observe.Set) observe.Set {
	for i := range seen {
		if seen[i].Variant == "" {
			seen[i].Variant = part
			continue
		}
		seen[i].Variant = part + ", " + seen[i].Variant
	}
	return seen
}

// MeasurePart runs one part of a claim on the private host that this process is in. Its verdict is empty unless there is
// nothing to judge.
func MeasurePart(e Entry, part int, h *host.Host) (Result, error) {
	p := e.Parts[part]
	h.Own = nil // a private host has no addresses but those that the kit gave it
	r := observed(e.ID, p.Spec, h)
	if len(h.Cables) == 0 {
		return r, nil
	}
	capture, err := wire.Capture(h.Cables...)
	if err != nil {
		return r, fmt.Errorf("capture of %s, %s: %w", e.ID, p.Name, err)
	}
	r.Captures = []Capture{{Part: p.Name, Bytes: capture}}
	return r, nil
}
