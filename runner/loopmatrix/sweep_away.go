package main

import (
	"bytes"
	"io"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/loopmatrix/loopmatrix/runner/targets"
	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
)

// perAddress is how much longer a run on a target may take for each address that it sweeps: several times what the slowest
// of our own machines, Wine, was seen to need for one (0.4 ms to bind it).
const perAddress = time.Millisecond

// perListener is how much longer a run on a target may take for each listener: several times what an emulated Linux 5.10,
// which looks at all of them for each, was seen to need for one of 20,000 (4 ms).
const perListener = 20 * time.Millisecond

// limits are those of the targets. Unless it was told how long a run may take, sweeps have their time on top.
func (f runFlags) limits() targets.Limits {
	limits := f.away.limits
	if f.away.limited {
		return limits
	}
	sweeps, _ := asks(f.sweep) // what is wrong with it was said before
	for _, s := range sweeps {
		limits.Run += time.Duration(size(s.Prefix)) * perAddress
	}
	if plan, _ := listenersAsked(f.sweep); plan != nil {
		limits.Run += time.Duration(most(*plan)) * perListener
	}
	return limits
}

// most is how many listeners are to be expected on a target: as many as were asked for, or, of as many as there is room
// for, what half of a gigabyte takes.
func most(p capacity.Plan) int {
	const half, each = 512 << 20, 4096
	if p.Most == 0 {
		return half / each
	}
	return p.Most
}

// size is how many addresses a part of the block has.
func size(prefix string) int {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return 0
	}
	return 1 << (32 - p.Bits())
}

// sweepListener is the log of a target that hears how far a sweep there has come. A kernel's is heard at its end.
type sweepListener struct {
	to   io.Writer
	step func(string)
	mu   sync.Mutex
	line []byte
}

// longestLine is longer than any line of a sweep; what is longer is none.
const longestLine = 200

func (l *sweepListener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range p {
		switch {
		case c == '\n':
			if said := string(bytes.TrimSpace(l.line)); strings.HasPrefix(said, sweepWord) {
				l.step(said)
			}
			l.line = l.line[:0]
		case len(l.line) < longestLine:
			l.line = append(l.line, c)
		}
	}
	return l.to.Write(p)
}
