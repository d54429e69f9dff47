package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/session"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// show renders the report of this machine as a matrix of one column, after what is wrong with
// loopback here, and with how it was measured below. Claims that
// were left out on purpose are not shown.
func show(r model.Report) error {
	asked := r
	asked.Results = slices.DeleteFunc(slices.Clone(r.Results), leftOut)
	catalogue := slices.DeleteFunc(claim.Catalogue(), func(e claim.Entry) bool {
		return !slices.ContainsFunc(asked.Results, func(result model.Result) bool { return result.Claim == e.ID })
	})
	m, err := combine.Combine([]model.Report{asked}, catalogue)
	if err != nil {
		return toolError("%w", err)
	}
	return streamStdout(func(w io.Writer) error {
		if _, err := io.WriteString(w, causesText(causesOf(r), looking())); err != nil {
			return err
		}
		if len(asked.Results) > 0 || len(r.Sweeps) == 0 && r.Capacity == nil { // and not a run that only sweeps
			render.Text(w, m, looking())
		}
		_, err := fmt.Fprintf(w, "%s%s\n%s\n", render.Sweeps(r, looking()), render.Listeners(r, looking()), session.Summary(r))
		return err
	})
}

func leftOut(r model.Result) bool { return r.Reason == model.NotSelected }
