//go:build unix && !darwin && !linux

package resolve

import (
	"os/exec"
	"syscall"
)

// run runs a command. Ctrl-C is for the kit; a command that it ends would seem to know no answer, so the command is in a
// group of its own.
func run(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c.Run()
}
