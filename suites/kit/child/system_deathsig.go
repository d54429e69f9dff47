//go:build linux || freebsd

package child

import (
	"os"
	"syscall"
)

// lead makes a process the leader of a group of its own, which keeps the terminal's signals away.
func lead(a *syscall.SysProcAttr) { a.Setpgid = true }

// tie has the kernel kill a process with its parent: by PR_SET_PDEATHSIG on Linux, which the kernel
// forgets when the process gets other credentials, by PROC_PDEATHSIG_CTL on FreeBSD.
func tie(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

func join(*os.Process) error { return nil }
