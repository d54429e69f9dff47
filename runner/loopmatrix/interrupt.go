package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// patience is how many signals end the program at once. The first ends the measuring, and the report follows within
// milliseconds. The second may be the same once more: timeout(1) sends one to the process and one to its group. Who
// sends a third sees that the program hangs, for instance because nobody reads what it writes.
const patience = 3

// desk is where files are written, one after the other, which takes milliseconds. The last signal clears it away, so that
// even that leaves no half of one.
type desk struct {
	mu sync.Mutex
	// kept tells whether anything was written.
	kept bool
}

// write writes files.
func (d *desk) write(files func() error) error {
	return d.use(func() error {
		err := files()
		d.kept = d.kept || err == nil
		return err
	})
}

// use does something that must not be cut off in the middle, and leaves nothing behind.
func (d *desk) use(what func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return what()
}

// clear waits for the file that is being written. None is begun any more. It says what became of the others.
func (d *desk) clear() string {
	d.mu.Lock()
	if d.kept {
		return "what was written until then is kept"
	}
	return "nothing was kept"
}

// interruptible gives a context that the first SIGINT or SIGTERM ends; the last one ends the program, once the desk is
// clear, and with it what targets have started. stop goes back to what signals did before.
func interruptible(parent context.Context, d *desk) (ctx context.Context, stop func()) {
	started := &targets.Groups{}
	ctx, cancel := context.WithCancel(started.In(parent))
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
		kept := d.clear()
		started.Kill()
		fmt.Fprintln(os.Stderr, "loopmatrix: interrupted, and "+kept)
		os.Exit(exitKit)
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}
