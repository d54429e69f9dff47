package resolve

import (
	"os/exec"
	"runtime"
	"syscall"
)

// run runs a command that the kernel ends with this process, however that ends (PR_SET_PDEATHSIG): a getent that waits
// for a name server would outlive it. The signal comes when the thread ends that started the command, so that is kept.
// Ctrl-C is for the kit; a command that it ends would seem to know no answer, so the command is in a group of its own.
func run(c *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return c.Run()
}
