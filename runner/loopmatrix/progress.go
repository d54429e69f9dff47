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

// showProgress shows a bar on a terminal and plain lines elsewhere.
func showProgress(total int, quiet bool) progress {
	switch {
	case quiet:
		return progress{func(int, string, string) {}, func() {}}
	case term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv):
		return bar(os.Stderr, total)
	default:
		return progress{lines(os.Stderr, total), func() {}}
	}
}

func lines(w io.Writer, total int) func(done int, which, result string) {
	return func(done int, which, result string) {
		line := fmt.Sprintf("%*d/%d  %-26s %s", len(fmt.Sprint(total)), done, total, which, result)
		_, _ = fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// barWidth leaves room for the longest id on a terminal of 80 columns.
const barWidth = 40

// bar shows the last that is done at its end, and vanishes with the last of all.
func bar(w io.Writer, total int) progress {
	var last atomic.Value // the bar is drawn by a goroutine of its own
	last.Store("")
	all := mpb.New(mpb.WithOutput(w), mpb.WithWidth(barWidth))
	b := all.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return last.Load().(string) })))
	b.SetTotal(int64(total), false) // and the last step does not complete it: end does
	return progress{
		step: func(done int, which, _ string) {
			last.Store(which)
			b.SetCurrent(int64(done))
		},
		end: func() {
			b.SetTotal(-1, true)
			all.Wait()
		},
	}
}
