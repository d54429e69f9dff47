package main

import (
	"errors"
	"io"

	"github.com/vbauerster/mpb/v8"
)

// barWidth leaves room for the longest id on a terminal of 80 columns.
const barWidth = 40

// bars are lines on a terminal that are drawn again and again until end takes them away. They are the only use of mpb, so
// that all of them can be ended.
type bars struct {
	under io.Writer
	drawn *mpb.Progress
	all   []*mpb.Bar
}

func newBars(w io.Writer) *bars {
	return &bars{under: w, drawn: mpb.New(mpb.WithOutput(w), mpb.WithWidth(barWidth))}
}

// add adds a bar without a total: one that it has from the beginning can't be changed, and SetTotal would not end it.
func (b *bars) add(style mpb.BarFillerBuilder, options ...mpb.BarOption) *mpb.Bar {
	added := b.drawn.New(0, style, append(options, mpb.BarRemoveOnComplete())...)
	b.all = append(b.all, added)
	return added
}

// Write writes whole lines above the bars, where these do not draw over them; once they have ended, where they were.
func (b *bars) Write(p []byte) (int, error) {
	n, err := b.drawn.Write(p)
	if errors.Is(err, mpb.ErrDone) {
		return b.under.Write(p)
	}
	return n, err
}

// end removes all bars, however far they are.
func (b *bars) end() {
	for _, one := range b.all {
		one.SetTotal(-1, true)
	}
	b.drawn.Wait()
}
