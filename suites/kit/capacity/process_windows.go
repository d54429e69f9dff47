package capacity

import (
	"os/exec"
	"syscall"
)

// apart keeps the console's Ctrl-C away.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
