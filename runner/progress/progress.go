// Package progress shows how far long work has come: by bars on a terminal, by lines elsewhere.
package progress

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/loopmatrix/loopmatrix/reports/render"
)

// Display is where progress is shown: that of one line after the other, or of several at once.
type Display struct {
	To io.Writer
	// Bars says that To is a terminal, on which lines are drawn again and again, and at their end
	// no more.
	Bars bool
	// ASCII says that the terminal shows no other characters.
	ASCII bool
	// Every writes a line for each step, on a terminal as well; otherwise there are a few at most.
	Every bool
	// Quiet shows nothing, but for a line about work that takes long.
	Quiet bool
	// Amounts shows amounts only, as lines: To is read by a program, or is the console of a kernel.
	Amounts bool

	mu    sync.Mutex
	drawn *mpb.Progress // nil while nothing is shown
	open  int           // lines that have not ended
}

// Unknown is the total of work whose steps can't be counted beforehand.
const Unknown = -1

// fewLines is how many lines of progress go into a pipe or a file, where they stay.
const fewLines = 4

// long is after which time work that has shown nothing says how far it is.
const long = 10 * time.Second

// barWidth leaves room for the longest id of a claim on a terminal of 80 columns.
const barWidth = 40

// Line shows one piece of work.
type Line struct {
	display *Display
	label   string
	total   int
	bar     *mpb.Bar     // nil where lines are written
	last    atomic.Value // drawn by another goroutine
	timer   *time.Timer  // says once how far it is, if nothing else does; nil where something does
	done    int
	silent  bool // nothing was written yet, and it has not ended
}

// Show returns a line for work of so many steps, or of an unknown number, which needs a label.
func (d *Display) Show(total int, label string) *Line {
	l := &Line{display: d, label: label, total: total}
	l.last.Store("")
	if d.Quiet || d.Amounts || !d.Bars || d.Every && total != Unknown {
		if !d.Amounts && total != Unknown {
			l.silent, l.timer = true, time.AfterFunc(long, l.late)
		}
		return l
	}
	last := decor.Any(func(decor.Statistics) string { return l.last.Load().(string) })
	if total != Unknown {
		l.bar = d.draw(mpb.BarStyle(), mpb.PrependDecorators(decor.CountersNoUnit("%d/%d")), mpb.AppendDecorators(last))
		l.bar.SetTotal(int64(total), false)
		return l
	}
	l.last.Store("waits for its turn")
	frames := []string{} // mpb's own
	if d.ASCII {
		frames = []string{"-", "\\", "|", "/"}
	}
	l.bar = d.draw(mpb.NopStyle(), mpb.PrependDecorators(decor.Spinner(frames, decor.WCSyncSpaceR), decor.Name(label, decor.WCSyncSpaceR),
		decor.Elapsed(decor.ET_STYLE_MMSS, decor.WCSyncSpaceR), last))
	return l
}

// Set shows how many steps are done, which was the last, and its result. A bar shows the last
// without its result.
func (l *Line) Set(done int, last, result string) {
	d := l.display
	d.mu.Lock()
	defer d.mu.Unlock()
	most := fewLines
	if d.Every {
		most = l.total
	}
	switch {
	case l.bar != nil:
		l.last.Store(last)
		l.bar.SetCurrent(int64(done))
	case d.Quiet || d.Amounts:
		l.done = done
	case l.total == Unknown:
		_, _ = fmt.Fprintf(d.To, "%s: %s\n", l.label, last)
	case done*most/l.total != (done-1)*most/l.total:
		line := fmt.Sprintf("%*d/%d  %-26s %s", len(fmt.Sprint(l.total)), done, l.total, last, result)
		_, _ = fmt.Fprintln(d.To, strings.TrimRight(line, " "))
		l.silent = false
	default:
		l.done = done
	}
}

// late says how far work is that has said nothing for long.
func (l *Line) late() {
	l.display.mu.Lock()
	defer l.display.mu.Unlock()
	if l.silent {
		_, _ = fmt.Fprintf(l.display.To, "%d/%d after %v\n", l.done, l.total, long)
		l.silent = false
	}
}

// End takes a bar away, however far it is.
func (l *Line) End() {
	if l.timer != nil {
		l.timer.Stop()
		l.display.mu.Lock()
		l.silent = false
		l.display.mu.Unlock()
	}
	if l.bar != nil {
		l.display.end(l.bar)
	}
}

// draw adds a bar without a total: one that it has from the beginning can't be changed, and
// SetTotal would not end it.
func (d *Display) draw(style mpb.BarFillerBuilder, options ...mpb.BarOption) *mpb.Bar {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.drawn == nil {
		d.drawn = mpb.New(mpb.WithOutput(d.To), mpb.WithWidth(barWidth))
	}
	d.open++
	return d.drawn.New(0, style, append(options, mpb.BarRemoveOnComplete())...)
}

func (d *Display) end(bar *mpb.Bar) {
	d.mu.Lock()
	defer d.mu.Unlock()
	bar.SetTotal(-1, true)
	if d.open--; d.open == 0 {
		d.drawn.Wait()
		d.drawn = nil
	}
}

// Write writes whole lines above the bars, where these do not draw over them.
func (d *Display) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.drawn == nil {
		return d.To.Write(p)
	}
	n, err := d.drawn.Write(p)
	if errors.Is(err, mpb.ErrDone) {
		return d.To.Write(p)
	}
	return n, err
}

// Amount is how much of something is done. As long as there is no total, there is nothing to show.
type Amount struct {
	Done, Total int64
	// Remark takes the place of the rate in a line, if it is not empty.
	Remark string
}

// Follow shows an amount that is read again and again, how fast it grows and how long it will take.
// The unit is shown beside the amount, which is left out without one. It is ended by what it
// returns.
func (d *Display) Follow(label, unit string, read func() Amount) (end func()) {
	switch {
	case d.Quiet:
		return func() {}
	case !d.Bars || d.Amounts:
		return every(5*time.Second, d.line(label, unit, read))
	}
	after := []decor.Decorator{decor.AverageSpeed(0, "%.0f/s "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")}
	if unit != "" {
		after = slices.Insert(after, 0, decor.CurrentNoUnit("%d "+unit+" "))
	}
	bar := d.draw(mpb.BarStyle(), mpb.PrependDecorators(decor.Name(strings.TrimSpace(label)+" "), decor.Percentage()), mpb.AppendDecorators(after...))
	stop := every(100*time.Millisecond, func() {
		if now := read(); now.Total > 0 {
			bar.SetTotal(now.Total+1, false) // one more, since the last step would complete it
			bar.SetCurrent(now.Done)
		}
	})
	return func() {
		stop()
		d.end(bar)
	}
}

// line writes how much has been done since it was made.
func (d *Display) line(label, unit string, read func() Amount) func() {
	begun, already := time.Now(), read().Done
	return func() {
		now := read()
		amount := ""
		if unit != "" {
			amount = render.Thousands(int(now.Done)) + " " + unit + "  "
		}
		rate := float64(now.Done-already) / time.Since(begun).Seconds()
		left := "?"
		if rate > 0 {
			left = time.Duration(float64(now.Total-now.Done) / rate * float64(time.Second)).Round(time.Second).String()
		}
		switch {
		case now.Total == 0:
		case now.Remark != "":
			_, _ = fmt.Fprintf(d, "%s %s%s\n", label, amount, now.Remark)
		default:
			_, _ = fmt.Fprintf(d, "%s %3d %%  %s%s/s  %s left\n", label, now.Done*100/now.Total, amount, render.Thousands(int(rate)), left)
		}
	}
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
