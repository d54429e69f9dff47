//go:build unix || windows

package sock

import (
	"errors"
	"fmt"
	"syscall"
)

// SystemError names the error of a system call that was made outside this package, by the same
// table; nil stays nil. An error without a number in it has the outcome observe.Failed.
func SystemError(op string, err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return fail(op, number)
	}
	return failOr(op, err)
}

// numbered returns the text of a bare error number.
func numbered(err error) (text string, is bool) {
	number, is := err.(syscall.Errno) //nolint:errorlint // what is behind an error is looked at by Reason
	if !is {
		return "", false
	}
	failed, _ := fail("", number).(*Error) //nolint:errorlint // fail makes it
	switch {
	case failed.Errno != "":
		return fmt.Sprintf("%s (%d)", failed.Errno, failed.Number), true
	case failed.Number != 0:
		return fmt.Sprintf("error %d", failed.Number), true
	default: // a number that package syscall invents, with a text of Go's own
		return number.Error(), true
	}
}
