package main

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

func TestSweepsOnTargetsHaveTime(t *testing.T) {
	f := runFlags{sweep: "udp,bind=127.0.0.0/13"}
	f.away.limits = targets.DefaultLimits()
	usual := f.away.limits.Run
	if got, want := f.limits().Run, usual+(1<<24+1<<19)*time.Millisecond; got != want {
		t.Errorf("a run may take %s, want %s", got, want)
	}
	f.away.limited = true
	if got := f.limits().Run; got != usual {
		t.Errorf("a run may take %s, though it was told %s", got, usual)
	}
}

func TestASweepFarAwayIsHeard(t *testing.T) {
	var log bytes.Buffer
	var heard []string
	l := &sweepListener{to: &log, step: func(said string) { heard = append(heard, said) }}
	const said = "W1123 a line of the sandbox\nsweep udp    4 %  65,536/s  15s left\r\nno sweep at all\nsweep bind  50 %  1/s  1s left\n"
	for piece := range slices.Chunk([]byte(said), 7) {
		if n, err := l.Write(piece); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
	}
	if want := []string{"sweep udp    4 %  65,536/s  15s left", "sweep bind  50 %  1/s  1s left"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
	if log.String() != said {
		t.Errorf("the log has %q", log.String())
	}
}
