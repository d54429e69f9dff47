package sock

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
)

// Reason returns what a report says of an error: its text, in which an error of the system is its
// operation and the portable name of its number. A path, which may be one in somebody's home, and
// the words of a system's language are left out.
func Reason(err error) string {
	if text, is := reported(err); is {
		return text
	}
	text := err.Error()
	for _, inner := range behind(err) {
		if said := inner.Error(); said != "" {
			text = strings.ReplaceAll(text, said, Reason(inner))
		}
	}
	return text
}

// reported returns the text of an error of the system itself, not of one that has such an error
// behind it.
func reported(err error) (text string, is bool) {
	switch e := err.(type) { //nolint:errorlint // what is behind it is looked at one by one
	case *fs.PathError:
		return e.Op + ": " + Reason(e.Err), true
	case *os.LinkError:
		return e.Op + ": " + Reason(e.Err), true
	case *os.SyscallError:
		return e.Syscall + ": " + Reason(e.Err), true
	case *net.OpError:
		return e.Op + ": " + Reason(e.Err), true
	case *exec.Error:
		return fmt.Sprintf("exec: %q: %s", e.Name[strings.LastIndexAny(e.Name, `/\`)+1:], Reason(e.Err)), true
	case *Error:
		if e.Errno == "" && e.Err != nil {
			return e.Op + ": " + Reason(e.Err), true
		}
		return e.Error(), true
	}
	return numbered(err)
}

// behind returns the errors that an error was made of.
func behind(err error) []error {
	switch e := err.(type) { //nolint:errorlint // the same
	case interface{ WrappedErrors() []error }: // of go-multierror, which unwraps to one after the other
		return e.WrappedErrors()
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	}
	return nil
}
