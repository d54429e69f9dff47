package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// ordinary makes a process an ordinary user's: in a user namespace where the owner of these files
// is not root, who has no capabilities there after execve(2).
func ordinary(t *testing.T) *syscall.SysProcAttr {
	t.Helper()
	const nobody = 65534
	attributes := &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getegid(), Size: 1}},
	}
	try := exec.Command("/bin/sh", "-c", ":")
	try.SysProcAttr = attributes
	unable.Skip(t, try.Run())
	return attributes
}
