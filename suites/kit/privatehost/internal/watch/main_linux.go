// Command watch runs a command while it captures on every interface of this machine except lo, and
// fails if anything leaves that only the kit makes: what the kit sends belongs into private hosts.
//
//	go run ./suites/kit/privatehost/internal/watch COMMAND [ARGUMENT]...
//
// That nothing left counts only between two markers: frames on a device of its own, which the
// capture must see before and after the command. It needs CAP_NET_RAW for the capture and
// CAP_NET_ADMIN for that device.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// The exit codes, unless the command failed: then its own.
const (
	exitOffended = 1 // something left
	exitKit      = 3 // it can't be said whether anything left
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: watch COMMAND [ARGUMENT]...")
		os.Exit(2)
	}
	status, err := watch(exec.Command(os.Args[1], os.Args[2:]...), os.Stderr) //nolint:gosec // to run it is what it is for
	if err != nil {
		fmt.Fprintln(os.Stderr, "watch:", err)
	}
	os.Exit(status)
}

// watch runs a command under a capture, says what it saw, and gives the exit status.
func watch(command *exec.Cmd, out io.Writer) (status int, err error) {
	m, err := thisMachine()
	if err != nil {
		return exitKit, err
	}
	c, err := open(bufferSize)
	if err != nil {
		return exitKit, err
	}
	log := follow(c)
	if err := log.mark("before"); err != nil {
		return exitKit, errors.Join(err, c.Close())
	}
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	failed := command.Run()
	err = errors.Join(log.mark("after"), c.lost(), c.Close())
	offended := m.tell(out, log.end())
	var exit *exec.ExitError
	switch {
	case errors.As(failed, &exit) && exit.Exited():
		return exit.ExitCode(), err
	case failed != nil:
		return exitKit, errors.Join(failed, err)
	case err != nil:
		return exitKit, err
	case offended > 0:
		return exitOffended, fmt.Errorf("%d frames of the kit left this machine while %s ran", offended, command.Args)
	}
	return 0, nil
}
