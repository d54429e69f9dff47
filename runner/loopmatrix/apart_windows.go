package main

import (
	"os/exec"
	"syscall"

	"github.com/loopmatrix/loopmatrix/runner/targets"
)

// apart keeps the console's Ctrl-C from a process: it is told only when its context ends, or killed where nothing can tell it.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	c.Cancel = func() error { return targets.EndOrKill(c) }
}
