//go:build unix

package targets

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// together puts a process into a group of its own and ends the group with its context.
func together(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithUs(c.SysProcAttr)
	c.Cancel = func() error { return tellToEnd(c) }
}

// tellToEnd tells the group of a process to end.
func tellToEnd(c *exec.Cmd) error {
	if err := syscall.Kill(-c.Process.Pid, syscall.SIGTERM); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// sweep kills what is left of a group whose leader has ended. A group's number is free for another only when nobody is
// left in it, and then nobody is killed.
func sweep(leader int) { _ = syscall.Kill(-leader, syscall.SIGKILL) }
