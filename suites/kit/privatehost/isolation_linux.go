package privatehost

import (
	"os"
	"os/exec"
	"syscall"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
)

// isolation starts a process in network, mount and UTS namespaces of its own. Without root, a user namespace gives it the privilege
// over those namespaces, and over nothing else (user_namespaces(7)).
func isolation() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	return attributes
}

const onMachine = false

// tie gives the child a second way to notice the end of this process, beside the signal that isolation asks for: that
// is lost where the child gets other credentials (prctl(2), PR_SET_PDEATHSIG).
func tie(child *exec.Cmd) error { return undo.Tie(child) }

// standGuard returns at once: nothing outlives a private host.
func standGuard() {}
