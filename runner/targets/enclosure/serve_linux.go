package enclosure

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// serve is the first process: it puts the enclosure together, starts the program, and reaps
// whatever it leaves behind.
func serve(p Plan) (code int, err error) {
	runtime.LockOSThread() // capabilities belong to threads
	if err := build(p); err != nil {
		return codeNotBegun, err
	}
	if p.OwnNetwork {
		if err := loopback(); err != nil {
			return codeNotBegun, err
		}
	}
	if len(p.Args) == 0 {
		return 0, nil
	}
	attributes := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 && p.User != 0 {
		attributes.Credential = &syscall.Credential{Uid: uint32(p.User), Gid: uint32(p.User)}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return codeNotBegun, fmt.Errorf("capabilities: %w", err)
	}
	pid, err := syscall.ForkExec(p.Args[0], p.Args, &syscall.ProcAttr{Dir: p.Dir, Env: p.Env, Files: []uintptr{0, 1, 2}, Sys: attributes})
	if err != nil {
		return codeNotBegun, fmt.Errorf("%s: %w", p.Args[0], err)
	}
	return reap(pid, p.Linger)
}

// reap waits for the program, and for everything else if it is to linger: orphans are children of
// the first process.
func reap(program int, linger bool) (code int, err error) {
	code = codeNotBegun
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.ECHILD):
			return code, nil
		case err != nil:
			return code, err
		case pid != program || status.Stopped() || status.Continued():
			continue
		}
		if code = status.ExitStatus(); status.Signaled() {
			code = 128 + int(status.Signal()) // as shells tell it
		}
		if !linger {
			return code, nil
		}
	}
}

// loopback brings lo up; the kernel gives it 127.0.0.1/8 and ::1/128.
func loopback() error {
	lo, err := netlink.LinkByName("lo")
	if err == nil {
		err = netlink.LinkSetUp(lo)
	}
	if err != nil {
		return fmt.Errorf("lo: %w", err)
	}
	return nil
}
