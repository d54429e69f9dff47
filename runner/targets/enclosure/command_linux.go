package enclosure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/child"
)

// Command makes the process that makes the enclosure. The end of the context kills it and with it
// the whole enclosure. It is started by child.Begin.
func Command(ctx context.Context, p Plan) (*exec.Cmd, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return child.Command(ctx, role, child.Options{Argument: string(text), Environment: []string{}, System: isolation(p)})
}

// isolation asks for the namespaces. Without root, a user namespace has the privilege over the
// others; its one user is called as the plan wants it, and keeps the privilege beyond the exec by
// ambient capabilities if that is not 0.
func isolation(p Plan) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWIPC}
	if p.OwnNetwork {
		a.Cloneflags |= syscall.CLONE_NEWNET
	}
	if os.Geteuid() == 0 {
		return a
	}
	a.Cloneflags |= syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: p.User, HostID: os.Geteuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: p.User, HostID: os.Getegid(), Size: 1}}
	a.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SYS_CHROOT, unix.CAP_NET_ADMIN}
	return a
}

// Probe makes an enclosure in which nothing runs but this program, to see whether there can be any
// here.
func Probe(ctx context.Context) error {
	c, err := Command(ctx, Plan{Base: "/", OwnNetwork: true})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNone, err)
	}
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := child.Run(c); err != nil {
		return fmt.Errorf("%w: %w: %s", ErrNone, err, &said)
	}
	return nil
}
