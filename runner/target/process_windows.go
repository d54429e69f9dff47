package target

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// together puts a process into a group of its own, which keeps the console's Ctrl-C away, and ends the group with its context.
func together(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	c.Cancel = func() error {
		if err := tellToEnd(c); err != nil { // no console
			return c.Process.Kill()
		}
		return nil
	}
}

// tellToEnd sends CTRL_BREAK to the group of a process, which a console passes on; to Go it is os.Interrupt.
func tellToEnd(c *exec.Cmd) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(c.Process.Pid)) // it was a DWORD
}

func sweep(int) {}
