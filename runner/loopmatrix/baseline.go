package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/compare"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// readBaseline reads what a run is expected to show, known deviations included: a report, one in a
// folder, or one of the published ones. It returns nil if nothing is named.
func readBaseline(name string) (*compare.Side, error) {
	if name == "" {
		return nil, nil
	}
	side, err := compare.Load(name, claim.Catalogue())
	switch {
	case err != nil:
		return nil, usage("--baseline: %w", err)
	case side.Matrix != nil:
		return nil, usage("--baseline: %s: it is a matrix, which holds no observations to judge anew; name the report", name)
	}
	return &side, nil
}

// conclude returns the exit code for the reports of a run. With a baseline it shows what differs
// from that, and of several reports the weightiest difference counts. A platform that the baseline
// does not have is judged by itself.
func (m *measuring) conclude(interrupted bool, reports ...model.Report) error {
	effects := make([]model.Effect, len(reports))
	for i, r := range reports {
		var err error
		if effects[i], err = m.effect(r, len(reports) == 1); err != nil {
			return err
		}
	}
	if interrupted {
		return toolError("interrupted; what was measured until then is in the report")
	}
	for _, r := range reports {
		asked, why := unasked(r, m.expected == nil)
		if !asked {
			return toolError("%s", why)
		}
		if why != "" {
			fmt.Fprintf(os.Stderr, "loopmatrix: %s\n", why)
		}
	}
	return exitFor(compare.Worst(effects...))
}

// unasked reports whether anything of what a run was to ask could be asked, and what could not.
// Claims count if claims is true, or where a sweep is to be asked: one with a sure answer is
// enough. A run that was told to ask nothing has asked all of it.
func unasked(r model.Report, claims bool) (asked bool, why string) {
	wanted := false
	for _, s := range r.Sweeps {
		wanted = true
		asked = asked || s.Addresses > 0
		if s.Addresses == 0 && s.Reason != "" {
			why = cmp.Or(why, fmt.Sprintf("--sweep %s asked nothing: %s", s.Protocol, s.Reason))
		}
	}
	if c := r.Capacity; c != nil {
		wanted = true
		asked = asked || c.Held > 0
		if c.Held == 0 && c.Reason != "" {
			why = cmp.Or(why, "--sweep listeners held nothing: "+c.Reason)
		}
	}
	unsure, unrun := "", ""
	for _, result := range r.Results {
		switch {
		case !claims && !wanted || result.Verdict == claim.NotRun && result.Reason == model.NotSelected:
		case result.Verdict == claim.NotRun:
			wanted, unrun = true, cmp.Or(unrun, result.Reason)
		case result.Verdict == claim.Inconclusive:
			wanted, unsure = true, cmp.Or(unsure, result.Reason)
		default:
			asked = true
		}
	}
	if !asked {
		why = cmp.Or(why, "no claim has a sure answer: "+cmp.Or(unsure, unrun))
	}
	if !wanted {
		return true, ""
	}
	return asked, why
}

// effect returns what one report of a run means.
func (m *measuring) effect(r model.Report, only bool) (model.Effect, error) {
	if m.expected == nil {
		return compare.Alone(r, claim.Catalogue()), nil
	}
	old, has := m.expected.Of(r.Platform.ID, only)
	if !has {
		fmt.Fprintf(os.Stderr, "loopmatrix: the baseline has no report of %s, which is judged without\n", r.Platform.ID)
		return compare.Alone(r, claim.Catalogue()), nil
	}
	c, err := compare.Expected(old, r, claim.Catalogue())
	if err != nil {
		return model.Worse, toolError("the baseline: %w", err)
	}
	if m.out == standardOutput || m.junit == standardOutput || m.tap == standardOutput {
		_, err = os.Stderr.Write(render.ComparisonText(c, plain()))
	} else {
		err = writeStdout(fmt.Appendf(nil, "\n%s", render.ComparisonText(c, looking())))
	}
	return c.Effect, err
}
