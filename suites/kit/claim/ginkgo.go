package claim

import (
	"context"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// Describe builds the ginkgo specs of these claims, one container a family. Each spec measures its claim on the host
// and hands the result to report. A deviation is a result and passes; not-run skips the spec, inconclusive fails it.
func Describe(entries []Entry, h *host.Host, report func(Result)) {
	for _, family := range Families() {
		ginkgo.Describe(string(family), ginkgo.Label("family:"+string(family)), func() {
			for _, e := range entries {
				if e.Family == family {
					describe(e, h, report)
				}
			}
		})
	}
}

func describe(e Entry, h *host.Host, report func(Result)) {
	ginkgo.It(e.ID+": "+e.Sentence, labels(e.Claim), func(ctx ginkgo.SpecContext) {
		r, ended := until(ctx, func() Result { return Measure(e, h) })
		if !ended {
			return
		}
		ginkgo.AddReportEntry("result", r, ginkgo.ReportEntryVisibilityNever)
		report(r)
		switch r.Verdict {
		case NotRun:
			ginkgo.Skip(r.Reason)
		case Inconclusive:
			ginkgo.Fail(r.Reason)
		}
	})
}

// until measures, unless the context ends before. At an interrupt ginkgo does not wait for a node without a context, which
// would still write to its report while ginkgo reads it; one with a context has to end at once.
func until(ctx context.Context, measure func() Result) (r Result, ended bool) {
	type outcome struct {
		Result
		thrown any
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.thrown = recover()
			done <- o
		}()
		o.Result = measure()
	}()
	select {
	case o := <-done:
		if o.thrown != nil {
			panic(o.thrown)
		}
		return o.Result, true
	case <-ctx.Done():
		return r, false
	}
}

// labels are for ginkgo's filter: id:v4.block.bind, level:must-not, rfc:1122.
func labels(c Claim) ginkgo.Labels {
	out := ginkgo.Labels{"id:" + c.ID, "level:" + strings.ToLower(strings.ReplaceAll(string(c.Level), " ", "-"))}
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
