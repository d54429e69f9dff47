package capacity

import "syscall"

// dieWithUs makes the kernel kill it when the thread that started it ends (PR_SET_PDEATHSIG).
func dieWithUs(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
