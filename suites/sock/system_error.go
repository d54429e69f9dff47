//go:build unix || windows

package sock

import (
	"errors"
	"syscall"
)

// SystemError names the error of a system call that was made outside this package, by the same table; nil stays nil.
// An error without a number in it has the outcome observe.Failed.
func SystemError(op string, err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return fail(op, number)
	}
	return failOr(op, err)
}
