package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress shows on standard error how far long work has come.
type progress struct {
	// step says how many are done, which was the last, and what came of it.
	step func(done int, which, result string)
	// end takes away what should not stay.
	end func()
}

// showProgress shows a bar on a terminal and a few lines elsewhere, or with --verbose a line for each step on both.
func showProgress(total int, f runFlags) progress {
	switch {
	case f.quiet:
		return progress{func(int, string, string) {}, func() {}}
	case f.verbose:
		return progress{lines(os.Stderr, total, total), func() {}}
	case term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv):
		return bar(os.Stderr, total)
	default:
		return progress{lines(os.Stderr, total, fewLines), func() {}}
	}
}

// fewLines is how many lines of progress go into a pipe or a file, where they stay.
const fewLines = 4

// lines writes so many lines, or as many as there are steps if that is less, the last of them at the end.
func lines(w io.Writer, total, most int) func(done int, which, result string) {
	return func(done int, which, result string) {
		if done*most/total == (done-1)*most/total {
			return
		}
		line := fmt.Sprintf("%*d/%d  %-26s %s", len(fmt.Sprint(total)), done, total, which, result)
		_, _ = fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// bar shows the last that is done at its end, and vanishes with the last of all.
func bar(w io.Writer, total int) progress {
	var last atomic.Value // the bar is drawn by a goroutine of its own
	last.Store("")
	drawn := newBars(w)
	b := drawn.add(mpb.BarStyle(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return last.Load().(string) })))
	b.SetTotal(int64(total), false) // and the last step does not complete it: end does
	return progress{
		step: func(done int, which, _ string) {
			last.Store(which)
			b.SetCurrent(int64(done))
		},
		end: drawn.end,
	}
}

// verboseHelp describes --verbose.
const verboseHelp = "show a line for each claim that is measured, also where that is no terminal"
