package main

import (
	"fmt"
	"io"
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/runner/engine"
	"github.com/loopmatrix/loopmatrix/suites/claim"
)

// showProgress shows each result as it comes, on standard error: a bar on a terminal, a line each elsewhere. done ends
// the bar.
func showProgress(quiet bool) (progress engine.Progress, done func()) {
	switch {
	case quiet:
		return nil, func() {}
	case term.IsTerminal(int(os.Stderr.Fd())):
		return bar(os.Stderr)
	default:
		return lines(os.Stderr), func() {}
	}
}

func lines(w io.Writer) engine.Progress {
	return func(done, total int, r claim.Result) {
		_, _ = fmt.Fprintf(w, "%*d/%d  %-26s %-12s %s\n", len(fmt.Sprint(total)), done, total, r.Claim, r.Verdict, r.Behaviour)
	}
}

func bar(w io.Writer) (engine.Progress, func()) {
	var last string
	p := mpb.New(mpb.WithOutput(w), mpb.WithWidth(40))
	b := p.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return last })))
	progress := func(done, total int, r claim.Result) {
		last = r.Claim
		b.SetTotal(int64(total), false)
		b.SetCurrent(int64(done))
	}
	return progress, func() {
		b.SetTotal(-1, true)
		p.Wait()
	}
}
