// Package targets takes the kit to the systems in question, lets it measure there, and brings the
// reports back.
//
// Every target works the same way: one binary goes in, one stream comes out (WriteBundle), nothing
// stays behind.
package targets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// Target is a place where the kit can run.
type Target interface {
	// Name is what the command line calls it: "kernel:vmlinuz-6.12".
	Name() string
	// Missing says what this machine lacks to run the kit there, all of it at once; nil if it lacks
	// nothing.
	Missing(context.Context) error
	// Measure prepares the target, runs the kit there as every user of the order that the target
	// has, and cleans up, whatever happens. It gives what came back, also beside an error: one
	// user's failure does not lose the other's report.
	Measure(context.Context, Order) ([]Returned, error)
}

// Order is what is to be done on a target.
type Order struct {
	// Kits is where the binary comes from for the target's system.
	Kits Kits
	// Flags are passed to `loopmatrix run` there: "--seed", "7", "--claims", "headline".
	Flags []string
	// Users are those to run as, one run each; none for whoever runs the kit there anyway, where
	// Kind.Made is false.
	Users []User
	// Limits bound every step.
	Limits Limits
	// Keep asks a target that makes a machine for the run to leave it, halted, for the next run.
	Keep bool
	// Log takes everything that the target and the tools around it say; it is kept if something
	// fails.
	Log io.Writer
	// Step is called with what is being done now: "boot", "run as root".
	Step func(string)
}

// User is a class of user to run the kit as.
type User string

// The users. A target that has no way to be one of them leaves it out and says so in the log.
const (
	Ordinary User = "user"
	Root     User = "root"
)

// Users lists all users, the less privileged first.
func Users() []User { return []User{Ordinary, Root} }

// DefaultUsers are those to run as on a target if no user was named: all on a system that exists
// for the run only, and none on any other, where the kit becomes no other user unasked.
func DefaultUsers(t Target) []User {
	if kindOf(t).Made {
		return Users()
	}
	return nil
}

// Limits are the longest times of the steps on a target.
type Limits struct {
	// Prepare is for boot, connection or first use: a kernel boots in seconds under emulation, a
	// Vagrant box takes minutes.
	Prepare time.Duration
	// Run is for one run of the kit: it takes up to 30 s where every address is silent and all is
	// emulated.
	Run time.Duration
	// Finish is for the clean-up.
	Finish time.Duration
}

// DefaultLimits are several times what the slowest of our own machines was seen to take.
func DefaultLimits() Limits {
	return Limits{Prepare: 5 * time.Minute, Run: 3 * time.Minute, Finish: time.Minute}
}

// Returned is what one run on a target gave.
type Returned struct {
	User User
	// Report is the report as the kit there wrote it, not validated.
	Report []byte
	// Captures are the captures beside it, by file name.
	Captures map[string][]byte
	// How says how the kit was run there, for the report: "QEMU 7.2.22 with TCG, 512 MiB". It is
	// published, so it names no path, no host and no user.
	How string
	// Amend adds to the platform what is only known from outside; nil if nothing is.
	Amend func(model.Platform) model.Platform
}

// ErrUnknown is behind the error for a target of no kind.
var ErrUnknown = errors.New("there is no such target")

// Parse reads a target as the command line names it: "local", "ssh:USER@HOST", "vagrant:NAME",
// "kernel:PATH", "runsc[:PATH]", "wine[:PATH]", "stack:COMMAND".
func Parse(name string) (Target, error) {
	kind, rest, _ := strings.Cut(name, ":")
	for _, k := range Kinds() {
		if k.Word == kind {
			t, err := k.Parse(rest)
			if err != nil {
				return nil, fmt.Errorf("target %q: %w; it is written %s", name, err, k.Form)
			}
			return t, nil
		}
	}
	return nil, fmt.Errorf("%w: %q; the kinds are %s", ErrUnknown, name, forms())
}

// Kind is a kind of target.
type Kind struct {
	// Word comes before the colon: "kernel".
	Word string
	// Form is how it is written: "kernel:PATH".
	Form string
	// Does says in a sentence what it is.
	Does string
	// Parse reads what comes after the colon.
	Parse func(string) (Target, error)
	// Public says that what comes after the colon may stand in a published report: it names no
	// path, no host and no user.
	Public bool
	// Made says that the system is made for the run and ends with it.
	Made bool
	// Prepare is Limits.Prepare unless another is given; 0 for that of DefaultLimits.
	Prepare time.Duration
	// Found lists the targets of this kind that are at hand without naming them: the kernels that
	// were fetched, the boxes that are listed. Nil for a kind that has to be named.
	Found func() []string
	// Survey says what this machine lacks for each of those that Found lists, where the tools that
	// know are too slow to be asked for every one, or say more than a run has to demand. Nil where
	// Missing of each target says it all.
	Survey func(context.Context) map[string]error
	// Missing says what this machine lacks for any target of the kind, where none has to be named
	// for that; may be nil.
	Missing func(context.Context) error
}

// Label is a target's name as it stands in a report: with what comes after the colon only if that
// is public.
func Label(t Target) string {
	if kindOf(t).Public {
		return t.Name()
	}
	kind, _, _ := strings.Cut(t.Name(), ":")
	return kind
}

// kindOf is the kind of a target by its name; the zero Kind for one that is not listed.
func kindOf(t Target) Kind {
	word, _, _ := strings.Cut(t.Name(), ":")
	for _, k := range Kinds() {
		if k.Word == word {
			return k
		}
	}
	return Kind{}
}

// PrepareLimit returns Limits.Prepare for a target of which none is given.
func PrepareLimit(t Target) time.Duration { return cmp.Or(kindOf(t).Prepare, DefaultLimits().Prepare) }

func forms() string {
	var all []string
	for _, k := range Kinds() {
		all = append(all, k.Form)
	}
	return strings.Join(all, ", ")
}
