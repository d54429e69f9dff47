//go:build unix && !linux && !freebsd

package child

import (
	"os"
	"syscall"
)

// lead makes a process the leader of a group of its own, which keeps the terminal's signals away.
func lead(a *syscall.SysProcAttr) { a.Setpgid = true }

// tie has nothing to set: these kernels kill no process with its parent, and the end of standard
// input has to do.
func tie(*syscall.SysProcAttr) {}

func join(*os.Process) error { return nil }
