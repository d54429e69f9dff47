//go:build unix

package targets

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// EndOrKill asks the group of a process to end.
func EndOrKill(c *exec.Cmd) error { return tellToEnd(c) }

// tellToEnd asks the group of a process to end.
func tellToEnd(c *exec.Cmd) error {
	if err := syscall.Kill(-c.Process.Pid, syscall.SIGTERM); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// sweep kills what is left of a group whose leader has ended. A group's number is free for another
// only when no process is left in it, and then none is killed.
func sweep(leader int) { _ = syscall.Kill(-leader, syscall.SIGKILL) }
