//go:build unix

package capacity

import (
	"os/exec"
	"syscall"
)

// apart puts a process into a group of its own, so that the terminal's Ctrl-C reaches only the one that started it.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithUs(c.SysProcAttr)
}
