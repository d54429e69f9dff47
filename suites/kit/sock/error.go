package sock

import (
	"errors"
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Error is a failed call of a Stack.
type Error struct {
	Op      string              // the call, as POSIX names it: "bind"
	Errno   string              // the portable name of the error number: "EADDRNOTAVAIL"; empty if there was none
	Number  int                 // the raw number of the system, 0 if there was none
	Outcome observation.Outcome // the portable class
	Err     error               // what is behind it, if anything
}

// Error reads "bind: EADDRNOTAVAIL (99)".
func (e *Error) Error() string {
	switch {
	case e.Errno != "" && e.Number != 0:
		return fmt.Sprintf("%s: %s (%d)", e.Op, e.Errno, e.Number)
	case e.Errno != "":
		return fmt.Sprintf("%s: %s", e.Op, e.Errno)
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	default:
		return fmt.Sprintf("%s: %s", e.Op, e.Outcome)
	}
}

// Unwrap gives what is behind the error.
func (e *Error) Unwrap() error { return e.Err }

// Errno makes the error that a call gives for a portable errno name; number is the raw number, 0 if
// the stack is not a real one.
func Errno(op, name string, number int) *Error {
	return &Error{Op: op, Errno: name, Number: number, Outcome: ClassOf(name)}
}

// TimedOut makes the error of a call whose deadline has passed.
func TimedOut(op string) *Error { return &Error{Op: op, Outcome: observation.Timeout} }

// OutcomeOf is the outcome class of an error of this package: OK for nil, Failed for an error that
// is not an *Error.
func OutcomeOf(err error) observation.Outcome {
	if err == nil {
		return observation.OK
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return observation.Failed
}

// IsErrno says whether the error carries this portable errno name.
func IsErrno(err error, name string) bool {
	var e *Error
	return errors.As(err, &e) && e.Errno == name
}

// Describe fills outcome, errno and number of an observation from the result of a call.
func Describe(o observation.Observation, err error) observation.Observation {
	o.Outcome = OutcomeOf(err)
	var e *Error
	if errors.As(err, &e) {
		o.Errno, o.Number = e.Errno, e.Number
	}
	if err != nil && o.Errno == "" && (o.Outcome == observation.Failed || o.Outcome == observation.Exhausted || errors.Is(err, ErrIgnored)) {
		o.Value = Reason(err)
	}
	return o
}

// Shortage returns what a system is out of when a call gives this errno with outcome
// observation.Exhausted: "memory". It is empty for any other.
func Shortage(errno string) string {
	return map[string]string{"EMFILE": "file descriptors", "ENFILE": "open files", "ENOBUFS": "memory of the kernel",
		"ENOMEM": "memory", "EAGAIN": "free ports", "EADDRINUSE": "free ports", "EADDRNOTAVAIL": "free ports"}[errno]
}
