package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
)

// sweepWord begins every line about a sweep, by which a kit that sent another one to a target knows them.
const sweepWord = "sweep "

// follow shows how far a sweep has come, how fast it is and how long it will take: a bar on a terminal, a line every few
// seconds elsewhere and on a target, whose standard error may be the console of its kernel. It is ended by what it gives.
func (f runFlags) follow(s model.Sweep, done *atomic.Int64) (end func()) {
	total := int64(size(s.Prefix))
	if total == 0 || f.silent() {
		return func() {}
	}
	if !f.away.bundle && term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv) {
		return sweepBar(os.Stderr, s.Protocol, total, done)
	}
	return every(5*time.Second, sweepLine(os.Stderr, s.Protocol, total, done))
}

// every calls tick at this interval until it is ended.
func every(interval time.Duration, tick func()) (end func()) {
	over := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		t := time.NewTicker(interval)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				tick()
			case <-over:
				return
			}
		}
	})
	return func() {
		close(over)
		running.Wait()
	}
}

func sweepLine(w io.Writer, protocol string, total int64, done *atomic.Int64) func() {
	begun, already := time.Now(), done.Load()
	return func() {
		n := done.Load()
		rate := float64(n-already) / time.Since(begun).Seconds()
		left := "?"
		if rate > 0 {
			left = time.Duration(float64(total-n) / rate * float64(time.Second)).Round(time.Second).String()
		}
		_, _ = fmt.Fprintf(w, sweepWord+"%-4s %3d %%  %s/s  %s left\n", protocol, n*100/total, render.Thousands(int(rate)), left)
	}
}

func sweepBar(w io.Writer, protocol string, total int64, done *atomic.Int64) (end func()) {
	drawn := newBars(w)
	b := drawn.add(mpb.BarStyle(),
		mpb.PrependDecorators(decor.Name(sweepWord+protocol+" "), decor.Percentage()),
		mpb.AppendDecorators(decor.AverageSpeed(0, "%.0f/s "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
	b.SetTotal(total, false)
	stop := every(100*time.Millisecond, func() { b.SetCurrent(min(done.Load(), total-1)) }) // the last step would complete it
	return func() {
		stop()
		drawn.end()
	}
}
