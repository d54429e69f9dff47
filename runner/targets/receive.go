package targets

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// The exit codes of `loopmatrix run` that mean something here.
const (
	codeFine        = 0
	codeDeviates    = 1
	codeInterrupted = 3
)

// ErrPartial is behind the error for a kit that was cut short on the target. What it measured until
// then was returned.
var ErrPartial = errors.New("the kit there was cut short; its report holds what it measured until then")

// ErrCrashed is behind the error for a kit that ended without a whole report.
var ErrCrashed = errors.New("the kit there did not do its work")

// concluded makes of a run what it returned, from its stream and its exit code.
func concluded(user User, stream []byte, code int) (Returned, error) {
	report, captures, err := ReadBundle(bytes.NewReader(stream))
	whole := err == nil && len(report) > 0
	r := Returned{User: user, Report: report, Captures: captures}
	switch {
	case whole && (code == codeFine || code == codeDeviates):
		return r, nil
	case whole && code == codeInterrupted:
		return r, ErrPartial
	case whole:
		return Returned{}, fmt.Errorf("%w: exit code %d after a whole report", ErrCrashed, code)
	case code == codeFine || code == codeDeviates:
		return Returned{}, err
	default:
		return Returned{}, fmt.Errorf("%w: exit code %d: %w", ErrCrashed, code, err)
	}
}

// exitCode is the exit code of a process, or the error if it did not come to one.
func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.Exited():
		return exit.ExitCode(), nil
	default:
		return -1, err
	}
}

// kitArguments are those of a run whose stream goes to standard output.
func kitArguments(o Order, more ...string) []string {
	args := append([]string{"run", "--quiet", "--bundle"}, more...)
	return append(args, o.Flags...)
}

// measured runs the process that is the kit and reads what it returns.
func measured(p process, user User) (Returned, error) {
	stream, err := p.output()
	code, err := exitCode(err)
	if err != nil {
		return Returned{}, p.explain(err)
	}
	r, err := concluded(user, stream, code)
	return r, p.explain(err)
}

// measuredUntilEOF is the same for a kit that ends with its standard input, for the case that no
// signal can reach it.
func measuredUntilEOF(p process, user User) (Returned, error) {
	held, err := p.StdinPipe()
	if err != nil {
		return Returned{}, err
	}
	p.Cancel = func() error {
		_ = held.Close()
		if err := tellToEnd(p.Cmd); errors.Is(err, os.ErrProcessDone) {
			return err
		}
		return nil // the end of its input ends it as well; a kit that ends by neither is killed (WaitDelay)
	}
	defer func() { _ = held.Close() }()
	return measured(p, user)
}
