package fake

import (
	"errors"
	"fmt"
	"slices"
)

// Fault is a deliberate defect of a machine, to prove that the claims it turns can fail and that
// the kit notices.
type Fault struct {
	Name string
	// On makes the healthy machine; Linux if it is nil.
	On func() *Machine
	// Does says in a sentence what is wrong.
	Does string
	// Turns are exactly the claims whose verdict or behaviour differs from that on the healthy
	// machine.
	Turns []string
	// Observes says, of each of them that deviates neither before nor after, what is observed
	// instead: "word → word".
	Observes map[string]string
	// Inject puts the defect in.
	Inject func(*Machine)
}

// Healthy makes the machine without the defect.
func (f Fault) Healthy() *Machine {
	if f.On == nil {
		return Linux()
	}
	return f.On()
}

// Faulty makes the machine with the defect.
func (f Fault) Faulty() *Machine {
	m := f.Healthy()
	f.Inject(m)
	return m
}

// Faults lists all of them, family by family.
func Faults() []Fault {
	return slices.Concat(blockFaults(), offhostFaults(), bindsFaults(), ipv6Faults(), namesFaults(), ifaceFaults())
}

// ErrNoFault is behind the error for a name that no fault has.
var ErrNoFault = errors.New("there is no such fault")

// Find gives the fault of this name.
func Find(name string) (Fault, error) {
	for _, f := range Faults() {
		if f.Name == name {
			return f, nil
		}
	}
	return Fault{}, fmt.Errorf("%w: %q", ErrNoFault, name)
}
