//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package ifreq

import (
	"net"
	"net/netip"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This is the system that this process runs on.
func This() (System, error) { return For(runtime.GOOS, runtime.GOARCH) }

// Ask makes a request of an open file. Its error is an errno.
func Ask(fd int, r Request) error {
	// x/sys has no call for requests of these kinds, so this is the bare system call. On OpenBSD,
	// where system calls go through libc only, the syscall package sends this one there.
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), r.Number, uintptr(unsafe.Pointer(&r.Data[0]))) //nolint:gosec,staticcheck,nolintlint // deprecated on some of these systems
	runtime.KeepAlive(r.Data)
	if errno != 0 {
		return errno
	}
	return nil
}

// Do makes a request through a socket of this family that is opened for it.
func Do(family int, r Request) error {
	fd, err := unix.Socket(family, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	return Ask(fd, r)
}

// SetUp brings an interface up, or takes it down.
func (s System) SetUp(name string, up bool) error {
	flags := s.Flags(name)
	if err := Do(unix.AF_INET, flags); err != nil {
		return err
	}
	return Do(unix.AF_INET, s.WithUp(flags, up))
}

// Assign gives an interface an address.
func (s System) Assign(name string, a netip.Prefix) error {
	if a.Addr().Is4() {
		return Do(unix.AF_INET, s.Address(name, a))
	}
	return Do(unix.AF_INET6, s.Address(name, a))
}

// Remove takes an address away from an interface.
func (s System) Remove(name string, a netip.Addr) error {
	if a.Is4() {
		return Do(unix.AF_INET, s.RemoveAddress(name, a))
	}
	return Do(unix.AF_INET6, s.RemoveAddress(name, a))
}

// Relabel gives an interface this link address.
func (s System) Relabel(name string, mac net.HardwareAddr) error {
	return Do(s.LinkFamily(), s.SetMAC(name, mac))
}
