package main

import (
	"io"
	"sync/atomic"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/capacity"
)

// TestBarsEnd: a bar that has not come to its total ends all the same, and lets the command go on.
func TestBarsEnd(*testing.T) {
	var done atomic.Int64
	end := sweepBar(io.Discard, "udp", 100, &done)
	done.Store(40)
	end()
	var p capacity.Progress
	p.Goal.Store(100)
	p.Held.Store(40)
	end = listenersBar(io.Discard, &p)
	p.Full.Store(true)
	end()
	bar(io.Discard, 3).end()
}
