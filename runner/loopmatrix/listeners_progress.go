package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
)

// followListeners shows how many listeners are held, of how many there will be as far as can be said, as follow does for a
// sweep.
func followListeners(p *capacity.Progress, quiet bool) (end func()) {
	switch {
	case quiet:
		return func() {}
	case term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv):
		return listenersBar(os.Stderr, p)
	default:
		return every(5*time.Second, listenersLine(os.Stderr, p, time.Now()))
	}
}

func listenersLine(w io.Writer, p *capacity.Progress, begun time.Time) func() {
	return func() {
		held, goal := p.Held.Load(), p.Goal.Load()
		switch {
		case goal == 0:
			return // the first process is on its way
		case p.Full.Load():
			_, _ = fmt.Fprintf(w, "listeners  %s held  asking some who they are, and letting go of all\n", render.Thousands(int(held)))
			return
		}
		rate := float64(held) / time.Since(begun).Seconds()
		left := "?"
		if rate > 0 {
			left = time.Duration(float64(goal-held) / rate * float64(time.Second)).Round(time.Second).String()
		}
		_, _ = fmt.Fprintf(w, "listeners  %3d %%  %s held  %s/s  %s left\n", held*100/goal, render.Thousands(int(held)), render.Thousands(int(rate)), left)
	}
}

func listenersBar(w io.Writer, p *capacity.Progress) (end func()) {
	drawn := newBars(w)
	b := drawn.add(mpb.BarStyle(),
		mpb.PrependDecorators(decor.Name("listeners "), decor.Percentage()),
		mpb.AppendDecorators(decor.CurrentNoUnit("%d held "), decor.AverageSpeed(0, "%.0f/s "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
	stop := every(100*time.Millisecond, func() {
		if goal := p.Goal.Load(); goal > 0 {
			b.SetTotal(goal+1, false) // one more, since the last step would complete it
			if p.Full.Load() {
				b.SetTotal(p.Held.Load()+1, false)
			}
		}
		b.SetCurrent(p.Held.Load())
	})
	return func() {
		stop()
		drawn.end()
	}
}
