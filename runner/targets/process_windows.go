package targets

import (
	"errors"
	"os/exec"

	"golang.org/x/sys/windows"
)

// EndOrKill asks a process, which leads a group, to end, and kills it where it can't be asked.
func EndOrKill(c *exec.Cmd) error {
	if err := tellToEnd(c); err != nil { // no console
		return c.Process.Kill()
	}
	return nil
}

// errNoBreak is the error of a system without CTRL_BREAK.
var errNoBreak = errors.New("under Wine CTRL_BREAK reaches no program")

// tellToEnd sends CTRL_BREAK to the group of a process, which a console passes on; to Go it is
// os.Interrupt. Wine 10 says that it did, and ends a thread of each process instead, after which
// such a process never ends.
func tellToEnd(c *exec.Cmd) error {
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		return errNoBreak
	}
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(c.Process.Pid)) // it was a DWORD
}

func sweep(int) {}
