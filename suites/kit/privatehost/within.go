package privatehost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// inside is the role of this program once more, as WithinHost starts it.
const inside = "within-private-host"

func init() { child.Handle(inside, nil) }

// Within runs something in a private host without a cable and gives its exit status, as WithinHost
// does.
func Within(run func() int) int { return WithinHost(host.Arrangement{}, run) }

// WithinHost runs something in a private host that is so arranged, and gives its exit status. For
// that it starts this program once more, with the same arguments, which comes here again. Where
// there are no private hosts, it runs on this machine. It is for tests that measure: what they make
// the system do, such as a DNS query of its resolver, stays in the private host.
func WithinHost(in host.Arrangement, run func() int) int {
	if child.Role() == inside {
		status, err := enter(in, run)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return status
	}
	if _, err := Probe(); err != nil {
		return run()
	}
	status, err := again()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return status
}

func enter(in host.Arrangement, run func() int) (int, error) {
	p, err := arrange(in, "")
	if err != nil {
		return 1, err
	}
	status := run()
	if err := p.leave(); err != nil {
		return 1, err
	}
	return status, nil
}

// again starts this program in a private host and gives its exit status.
func again() (int, error) {
	c, err := child.Command(context.Background(), inside, child.Options{Arguments: os.Args[1:], System: isolation()})
	if err != nil {
		return 1, err
	}
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = child.Run(c)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, fmt.Errorf("private host: %w", err)
	}
	return 0, nil
}
