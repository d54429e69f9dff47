package privatehost

import (
	"errors"
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// Fault is a defect that is put into a private host before the claims are measured there.
type Fault struct {
	Name string
	// Does says in a sentence what is wrong.
	Does string
	// Turns are exactly the claims whose verdict or behaviour differs from that on a healthy
	// private host.
	Turns []string
	// Observes says of those that deviate neither before nor after what is observed instead: "word
	// → word". It must, of those that conform both times, and of those that name this fault.
	Observes map[string]string
	// Spared says why there are none, where a defect that is often feared turns nothing.
	Spared string
	// Unsteady says that what the fault does to a claim may differ from run to run.
	Unsteady bool
	// before changes what a private host is to be; nil if it changes nothing.
	before func(*host.Arrangement)
	// after makes the defect in the private host, which is ready otherwise; nil if there is nothing
	// to do.
	after step
}

// step changes the private host that this process is in, and which was arranged like that.
type step func(host.Arrangement) error

// ErrNoFault is behind the error for a name that no fault has.
var ErrNoFault = errors.New("there is no such fault")

// Find gives the fault of this name; an empty name is no fault at all.
func Find(name string) (Fault, error) {
	if name == "" {
		return Fault{}, nil
	}
	for _, f := range Faults() {
		if f.Name == name {
			return f, nil
		}
	}
	return Fault{}, fmt.Errorf("%w: %q", ErrNoFault, name)
}
