package platform

import (
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// findings collects which facts could not be read.
type findings struct {
	all    *multierror.Error
	limit  time.Duration           // the longest time of one fact; zero for patience
	before func(fact string) error // called before each fact is read, by tests
}

// unread is one fact that could not be read.
type unread struct {
	fact string
	err  error
}

// Error reads "forwarding: sysctl net.inet.ip.forwarding: EPERM (1)".
func (u unread) Error() string { return u.fact + ": " + sock.Reason(u.err) }

// Unwrap returns the error behind it.
func (u unread) Unwrap() error { return u.err }

// missing remembers that a fact could not be read; without an error nothing is missing.
func (f *findings) missing(fact string, err error) {
	if err != nil {
		f.all = multierror.Append(f.all, unread{fact, err})
	}
}

func (f *findings) err() error { return f.all.ErrorOrNil() }

// remarks is the same for the report.
func (f *findings) remarks() []string {
	if f.all == nil {
		return nil
	}
	out := make([]string, len(f.all.Errors))
	for n, err := range f.all.Errors {
		out[n] = err.Error()
	}
	return out
}
