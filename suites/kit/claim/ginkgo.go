package claim

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// Describe builds the ginkgo specs of claims: a container of this text, and in it one for each
// family. A spec measures its claim on the host that under returns, within Limit, and adds the
// result to its report (ResultOf). A deviation passes, or fails at a binding level if strict;
// not-run skips the spec, and inconclusive fails it. The claims share one loopback, so the
// container is serial, and ordered as the catalogue is.
func Describe(text string, entries []Entry, under func() *host.Host, strict bool) bool {
	return ginkgo.Describe(text, ginkgo.Serial, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		for _, family := range Families() {
			ginkgo.Context(string(family), func() {
				for _, e := range entries {
					if e.Family == family {
						describe(e, under, strict)
					}
				}
			})
		}
	})
}

func describe(e Entry, under func() *host.Host, strict bool) {
	declared := types.CodeLocation{FileName: e.File, LineNumber: e.Line}
	ginkgo.It(e.ID+": "+e.Sentence, declared, ginkgo.Label(Labels(e.Claim)...), ginkgo.SpecTimeout(e.Limit()), func(ctx ginkgo.SpecContext) {
		r := Measure(ctx, e, under())
		ginkgo.AddReportEntry(e.ID, reported(r), declared, ginkgo.ReportEntryVisibilityFailureOrVerbose)
		switch {
		case r.Verdict == NotRun:
			ginkgo.Skip(r.Reason)
		case r.Verdict == Inconclusive, r.Verdict == Deviates && strict && e.Level.Binding():
			ginkgo.Fail(reported(r).String())
		}
	})
}

// reported is a result in the report of a spec.
type reported Result

// String returns verdict, behaviour and reason in one line.
func (r reported) String() string {
	answer := strings.TrimSpace(string(r.Verdict) + " " + r.Behaviour)
	return strings.Join(strings.Fields(answer+": "+r.Reason), " ")
}

// ResultOf returns the result in the report of a spec. A spec that an interrupt or the end of its
// suite cut short has none: what it saw may be the work of the signal, which the system's own
// commands got as well.
func ResultOf(r ginkgo.SpecReport) (Result, bool) {
	if r.State.Is(types.SpecStateInterrupted | types.SpecStateAborted) {
		return Result{}, false
	}
	for _, e := range r.ReportEntries {
		if found, is := e.GetRawValue().(reported); is {
			return Result(found), true
		}
	}
	return Result{}, false
}

// Labels are what ginkgo's filter of labels selects a claim by: id:v4.block.bind, family:block,
// level:must-not, rfc:1122 and headline.
func Labels(c Claim) []string {
	out := []string{"id:" + c.ID, "family:" + string(c.Family), "level:" + levelWord(c.Level)}
	for _, r := range c.Source.References {
		if number, is := strings.CutPrefix(r.Document, "RFC "); is {
			out = append(out, "rfc:"+number)
		}
	}
	if c.Headline {
		out = append(out, "headline")
	}
	return out
}

// Filter returns the claims whose labels an expression of ginkgo's filter of labels selects, in the
// order of all; an empty one selects all. A label that no claim has selects nothing, as with
// ginkgo; the error is of an expression that can't be read.
func Filter(expr string, all []Entry) ([]Entry, error) {
	selects, err := types.ParseLabelFilter(expr)
	if wrong, is := errors.AsType[types.GinkgoError](err); is { // it shows the expression, and then says what is wrong
		return nil, fmt.Errorf("%q: %s", expr, wrong.Message[strings.LastIndex(wrong.Message, "\n")+1:])
	}
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, e := range all {
		if selects(Labels(e.Claim)) {
			out = append(out, e)
		}
	}
	return out, nil
}
