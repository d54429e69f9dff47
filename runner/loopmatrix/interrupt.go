package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// patience is how many signals end the program at once. The first ends the measuring, and the report follows within
// milliseconds. The second may be the same once more: timeout(1) sends one to the process and one to its group. Who
// sends a third sees that the program hangs, for instance because nobody reads what it writes.
const patience = 3

// writing is held while a file is written, which takes milliseconds, so that even the last signal leaves no half of one.
var writing sync.Mutex

// interruptible gives a context that the first SIGINT or SIGTERM ends. stop goes back to what signals did before.
func interruptible(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, patience)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range patience {
			select {
			case <-signals:
				cancel()
			case <-parent.Done():
				return
			}
		}
		writing.Lock() // and never unlocked: no file is begun any more
		fmt.Fprintln(os.Stderr, "loopmatrix: interrupted, and nothing was kept")
		os.Exit(exitKit)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}
