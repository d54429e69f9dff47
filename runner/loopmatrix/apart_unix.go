//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// apart keeps the terminal's signals from a process: it gets one only when its context ends, and then one.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
}
