package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// followed shows on standard error what the targets are doing.
type followed struct {
	// step says what a target does now.
	step func(name, step string)
	// lines takes what is to be said meanwhile.
	lines io.Writer
	// end takes away what should not stay.
	end func()
}

// followTargets shows a moving line for each target on a terminal, and a line for each step elsewhere.
func followTargets(targets []targets.Target, quiet bool) followed {
	switch {
	case quiet:
		return followed{func(string, string) {}, os.Stderr, func() {}}
	case term.IsTerminal(int(os.Stderr.Fd())) && !dumb(os.Getenv):
		return spinners(os.Stderr, targets)
	default:
		return followed{stepLines(os.Stderr), os.Stderr, func() {}}
	}
}

func stepLines(w io.Writer) func(name, step string) {
	var mu sync.Mutex
	return func(name, step string) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = fmt.Fprintf(w, "%s: %s\n", name, step)
	}
}

// spinners turn as long as a target is at work. How far it is nobody knows: a boot tells nothing until it is done.
func spinners(w io.Writer, targets []targets.Target) followed {
	frames := []string{} // mpb's own
	if asciiOnly(os.Getenv) {
		frames = []string{"-", "\\", "|", "/"}
	}
	drawn := newBars(w)
	steps := map[string]*atomic.Value{}
	for _, t := range targets {
		now := &atomic.Value{} // drawn by a goroutine of its own
		now.Store("waits for its turn")
		steps[t.Name()] = now
		drawn.add(mpb.NopStyle(), mpb.PrependDecorators(
			decor.Spinner(frames, decor.WCSyncSpaceR),
			decor.Name(t.Name(), decor.WCSyncSpaceR),
			decor.Elapsed(decor.ET_STYLE_MMSS, decor.WCSyncSpaceR),
			decor.Any(func(decor.Statistics) string { return now.Load().(string) })))
	}
	return followed{
		step:  func(name, step string) { steps[name].Store(step) },
		lines: drawn,
		end:   drawn.end,
	}
}
