package capacity

import (
	"net/netip"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// Holder holds listeners: those of this process (Holding) or those of another. It is used by one
// goroutine at a time.
type Holder interface {
	// Listen listens on so many addresses from the first on, as far as it gets.
	Listen(from sweep.Offset, n int, port uint16) (Listened, error)
	// Accept accepts a connection at a listener, and sends it the token.
	Accept(at sweep.Offset, wait time.Duration) (Accepted, error)
	// Close closes one listener.
	Close(at sweep.Offset) error
	// Memory returns the memory of the process in bytes, without what it shares with others of the
	// same program; 0 if the system does not say.
	Memory() (int64, error)
	// End closes all listeners, and ends the process if there is one.
	End() error
}

// Range is a range of addresses.
type Range struct {
	From sweep.Offset
	N    int
}

func (r Range) end() sweep.Offset { return r.From + sweep.Offset(r.N) }

func (r Range) has(at sweep.Offset) bool { return at >= r.From && at < r.end() }

// Failure is a range of addresses that can't be listened on, and why.
type Failure struct {
	Range
	Err sock.Error
}

// Listened is how far a holder got.
type Listened struct {
	// Held are the new listeners, Failures the addresses that can't be listened on.
	Held     []Range
	Failures []Failure
	// Stopped is why not all addresses were tried; nil if they were.
	Stopped *sock.Error
}

// counts returns how many addresses are listened on now, and how many were tried.
func (l Listened) counts() (held, tried int) {
	for _, r := range l.Held {
		held += r.N
	}
	tried = held
	for _, f := range l.Failures {
		tried += f.N
	}
	return held, tried
}

func (l *Listened) add(at sweep.Offset) {
	if i := len(l.Held) - 1; i >= 0 && l.Held[i].end() == at {
		l.Held[i].N++
		return
	}
	l.Held = append(l.Held, Range{at, 1})
}

func (l *Listened) fail(at sweep.Offset, err *sock.Error) {
	plain := withoutCause(err)
	if i := len(l.Failures) - 1; i >= 0 && l.Failures[i].end() == at && l.Failures[i].Err == plain {
		l.Failures[i].N++
		return
	}
	l.Failures = append(l.Failures, Failure{Range{at, 1}, plain})
}

// withoutCause returns an error as it can be compared and sent to another process; its number says
// as much.
func withoutCause(err *sock.Error) sock.Error {
	plain := *err
	plain.Err = nil
	return plain
}

// Accepted is a connection as its listener sees it.
type Accepted struct {
	// Listener is getsockname of the listener, Local that of the connection, Peer its getpeername.
	Listener, Local, Peer netip.AddrPort
}

// bound is what an error of a process that listens means: the process is full, or the whole system
// is, or just this address can't be listened on.
type bound int

const (
	ofAddress bound = iota
	ofProcess
	ofSystem
)

// boundOf returns the bound that an error means, and its word. An error of bind or listen that is
// no want of anything is one of the address; socket has no address, so that what it can't do for
// one it can't do for any.
func boundOf(err *sock.Error) (bound, Limit) {
	switch err.Errno {
	case "EMFILE":
		return ofProcess, Descriptors
	case "ENFILE":
		return ofSystem, OpenFiles
	case "ENOBUFS", "ENOMEM", "EAGAIN":
		return ofSystem, KernelMemory
	}
	if err.Op == "socket" {
		return ofSystem, Refused
	}
	return ofAddress, ""
}
