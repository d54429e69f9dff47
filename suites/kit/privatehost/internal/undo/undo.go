// Package undo takes back what a process changed on a machine, however that process ends.
//
// Where a system has no private hosts, the kit changes the machine itself: interfaces, addresses,
// routes, switches. A second process, the guard, is told beforehand what would take each change
// back. It holds the reading end of a pipe; when the kernel closes the other end, because the
// process that changes things has ended or was killed, the guard takes everything back, the last
// change first. If the guard is killed instead, the process notices and does it itself.
//
// Nothing is written to a file, so a root file system that is read-only does no harm.
package undo

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
)

// Step takes one change back. It is told to the guard before the change is made, and the change may
// have been half made or not at all when it runs, so it must do no harm then.
type Step struct {
	// Kind names the function that does it.
	Kind string
	// Args are what that function needs to know.
	Args []string `json:",omitempty"`
	// Raw is a message for the kernel, if that is what the function sends.
	Raw []byte `json:",omitempty"`
}

// Kinds are the functions behind steps, by their names. The guard and the process that changes
// things have the same.
type Kinds map[string]func(Step) error

// errKind is behind the error for a step of an unknown kind.
var errKind = errors.New("there is no such kind of step")

// take takes changes back, the last first. A step that fails does not keep the others from their
// turn.
func (k Kinds) take(steps []Step) error {
	var all *multierror.Error
	for i := len(steps) - 1; i >= 0; i-- {
		s := steps[i]
		do, known := k[s.Kind]
		err := errKind
		if known {
			err = do(s)
		}
		if err != nil {
			all = multierror.Append(all, fmt.Errorf("undo %s %q: %w", s.Kind, s.Args, err))
		}
	}
	return all.ErrorOrNil()
}
