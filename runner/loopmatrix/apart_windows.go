package main

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// apart keeps the console's Ctrl-C from a process: it is told only when its context ends, and then by CTRL_BREAK, which to
// Go is os.Interrupt. Without a console nothing can tell it, and it is killed.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	c.Cancel = func() error {
		if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(c.Process.Pid)); err != nil { // it was a DWORD
			return c.Process.Kill()
		}
		return nil
	}
}
