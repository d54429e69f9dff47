package target

import (
	"os/exec"
	"syscall"
)

// together keeps the console's Ctrl-C away; a process can't ask another to end, so its context kills it.
func together(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

func sweep(int) {}
