package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// signalsToExit is how many signals end the program at once. The first ends the measuring, and the
// report follows within milliseconds. The second may be the same once more: timeout(1) sends one to
// the process and one to its group. The third ends a program that hangs, for instance because what
// it writes is not read.
const signalsToExit = 3

// interruptible returns a context that the first SIGINT or SIGTERM ends; the last one ends the
// program, between two files, and with it what targets have started. stop goes back to what signals
// did before.
func interruptible(parent context.Context, o *outputs) (ctx context.Context, stop func()) {
	started := &targets.Groups{}
	ctx, cancel := context.WithCancel(started.In(parent))
	signals := make(chan os.Signal, signalsToExit)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range signalsToExit {
			select {
			case <-signals:
				cancel()
			case <-parent.Done():
				return
			}
		}
		kept := o.close()
		started.Kill()
		fmt.Fprintln(os.Stderr, "loopmatrix: interrupted, and "+kept)
		os.Exit(exitKit)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// stdinGrace is how long the program may go on once its standard input has ended: what it does then
// is not waited for.
const stdinGrace = 2 * time.Second

// untilStdinEOF returns a context that ends with standard input, and soon after that the program. A
// kit that was started over a line gets no signal when the line is cut, nor does one that runs as
// another user; both see their input end.
func untilStdinEOF(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
		time.Sleep(stdinGrace)
		os.Exit(exitKit)
	}()
	return ctx
}
