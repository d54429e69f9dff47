// Package capacity holds as many TCP listeners as this machine lets it, all on one port, each on an
// address of its own: the "16 million web servers on port 80" of folklore, in earnest.
//
// Where the number of descriptors of a process is limited, the listeners are spread over several
// processes, which are this very program, started again (package child). They end with the one that
// started them, whatever ends that. What the listeners cost is read from the accounts that the
// kernel itself keeps, and nothing is estimated where it keeps none.
//
// By default it stops at half of the memory that was free when it began.
package capacity

import (
	"context"
	"time"

	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// The addresses that listeners are held on, in this order: those of 127.0.0.0/8 without its edges,
// which are 16,777,214 and the number that folklore names.
const (
	first = sweep.Offset(1)
	last  = sweep.Offset(sweep.Size - 2)
	// Whole is how many listeners there can be.
	Whole = int(last-first) + 1
)

// HalfOfFree is the share of the free memory that a plan takes at most unless it says otherwise.
const HalfOfFree = 0.5

// MostProcesses is how many processes are started at most: more than 16,777,214 listeners take at
// 20,000 for each, and few enough to leave room in the smallest table of processes in the field
// (32,768 on Linux, some thousands on BSDs).
const MostProcesses = 1024

// mostBlindly is how many listeners are held where the system does not say how much memory is free:
// at 4 KiB each, which is more than any kernel in the field takes, they are 256 MiB.
const mostBlindly = 1 << 16

// chunk is how many addresses a process is given at a time: few enough that memory is looked at
// every few megabytes and an interrupt waits for milliseconds, and many enough that being asked
// costs nothing.
const chunk = 2048

// Limit is a word for what stopped it.
type Limit string

// The limits. Their words are part of the report format.
const (
	Count        Limit = "count"         // as many as were asked for
	Block        Limit = "block"         // every address of the block was tried
	Memory       Limit = "memory"        // the share of the free memory that it may take
	NoAccount    Limit = "no-account"    // the system does not say how much memory is free, so it stopped early
	KernelMemory Limit = "kernel-memory" // the kernel has no memory for more: ENOBUFS, ENOMEM
	OpenFiles    Limit = "open-files"    // the system has no more open files: ENFILE, or most of them are taken
	Descriptors  Limit = "descriptors"   // a process can't have a single one: EMFILE
	Processes    Limit = "processes"     // no further process could be started
	Most         Limit = "most-processes"
	Ended        Limit = "process-ended" // a process that held listeners has ended
	Interrupted  Limit = "interrupted"   // the context ended
	Refused      Limit = "refused"       // no socket at all: any other error
)

// Limits lists them all.
func Limits() []Limit {
	return []Limit{Count, Block, Memory, NoAccount, KernelMemory, OpenFiles, Descriptors, Processes, Most, Ended, Interrupted, Refused}
}

// Plan says how many listeners to hold, and with what.
type Plan struct {
	// Most is an upper bound; 0 is every address.
	Most int
	// Share is how much of the free memory may be taken, up to 1; 0 is HalfOfFree.
	Share float64
	// Workers is how many processes listen side by side; 0 is one for each processor.
	Workers int
	// Gauge reads the memory of the machine; nil is this one's.
	Gauge Gauge
	// Start starts a process that holds listeners; nil starts this program again. It may be called
	// from several goroutines.
	Start func() (Holder, error)
	// Stack opens the sockets of clients; nil is the kernel of this machine.
	Stack sock.Stack
}

// Stop is what ended the holding.
type Stop struct {
	Limit Limit
	// Err is the error behind it; nil if nothing failed.
	Err error
}

// Missed is a range of addresses that can't be listened on, though there was no want of anything.
type Missed struct {
	netipx.IPRange
	Err *sock.Error
}

// Account is one of the accounts that the kernel keeps, in bytes.
type Account struct {
	Name          string
	Before, After int64
}

// Grown is by how much it has grown.
func (a Account) Grown() int64 { return a.After - a.Before }

// Result is what was held at once.
type Result struct {
	// Held is how many listeners there were at most, Ranges on which addresses.
	Held   int
	Ranges []netipx.IPRange
	Missed []Missed
	Port   uint16
	Stop   Stop
	// Processes is how many held them, and Largest how many the largest held. Full is how many one
	// held that could hold no more; 0 if there was none.
	Processes, Largest, Full int
	// Counted is how many TCP sockets more the kernel counted itself; -1 if it does not.
	Counted int
	// Free is the memory that was free at the start, in bytes; 0 if the system does not say. Share
	// is what might be taken of it.
	Free  int64
	Share float64
	// Each is what a listener costs, in bytes, by the account EachBy; 0 if it is unknown.
	Each   float64
	EachBy string
	// Accounts are those of the kernel. Own is the memory of all processes that held listeners,
	// without what they share, and LargestOwn that of the largest; 0 if the system does not say.
	Accounts        []Account
	Own, LargestOwn int64
	// Took is how long it took to listen, FirstHalf how long the first half of it.
	Took, FirstHalf time.Duration
	// Seen is what came of dialling some of them, and addresses beside them.
	Seen observation.Set
}

// Run holds listeners until something stops it, dials them, and closes them. The end of the context
// is one of the things that stop it. An error says that it could not even begin.
func Run(ctx context.Context, p Plan, progress *Progress) (Result, error) {
	p = p.complete()
	c := &coordinator{Plan: p, progress: progress, next: first, now: time.Now}
	defer c.end()
	if err := c.begin(); err != nil {
		return Result{}, err
	}
	c.fill(ctx)
	progress.Full.Store(true)
	r := c.result()
	r.Seen = c.verify(ctx)
	return r, nil
}
