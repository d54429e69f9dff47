//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package wire

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

// bpfSniffer is a BPF device (bpf(4)).
type bpfSniffer struct {
	fd     int
	link   string
	buffer []byte
}

func sniff(name string) (Sniffer, error) {
	system, err := ifreq.This()
	if err != nil {
		return nil, err
	}
	fd, err := freeBPF()
	if err != nil {
		return nil, err
	}
	about := system.Flags(name)
	about.Number = unix.BIOCSETIF
	err = ifreq.Ask(fd, about)
	if err == nil {
		err = captureAll(fd)
	}
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.BIOCIMMEDIATE, 1) // what is captured can be read as soon as it is there
	}
	size, link := 0, 0
	if err == nil {
		size, err = unix.IoctlGetInt(fd, unix.BIOCGBLEN)
	}
	if err == nil {
		link, err = unix.IoctlGetInt(fd, unix.BIOCGDLT)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bpf on %s: %w", name, err), unix.Close(fd))
	}
	return &bpfSniffer{fd, linkName(link), make([]byte, size)}, nil
}

// freeBPF opens a BPF device that is free: one that is cloned where the system does so, or the
// first that is free.
func freeBPF() (int, error) {
	const flags = unix.O_RDWR | unix.O_CLOEXEC | unix.O_NONBLOCK
	fd, err := unix.Open("/dev/bpf", flags, 0)
	const devices = 256
	for n := 0; n < devices && (errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EBUSY)); n++ {
		fd, err = unix.Open(fmt.Sprint("/dev/bpf", n), flags, 0)
	}
	if err != nil {
		return -1, fmt.Errorf("open a bpf device: %w", err)
	}
	return fd, nil
}

// captureAll gives a BPF device a filter that takes every frame whole. NetBSD 9 captures nothing on
// lo without one.
func captureAll(fd int) error {
	const whole = 1<<31 - 1
	filter := []syscall.BpfInsn{{Code: syscall.BPF_RET | syscall.BPF_K, K: whole}}
	return syscall.SetBpf(fd, filter) //nolint:staticcheck // x/net/bpf assembles programs, and sets none on a device
}

// linkName names what loopback interfaces have; some numbers differ between systems.
func linkName(link int) string {
	switch link {
	case unix.DLT_NULL:
		return "NULL"
	case unix.DLT_EN10MB:
		return "EN10MB"
	case unix.DLT_LOOP:
		return "LOOP"
	case unix.DLT_RAW:
		return "RAW"
	default:
		return fmt.Sprint("DLT ", link)
	}
}

func (s *bpfSniffer) LinkType() string { return s.link }

func (s *bpfSniffer) Captured() ([]byte, error) {
	var all []byte
	for {
		n, err := unix.Read(s.fd, s.buffer)
		switch {
		case errors.Is(err, unix.EAGAIN), err == nil && n == 0:
			return all, nil
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return all, fmt.Errorf("read the capture: %w", err)
		default:
			all = append(all, s.buffer[:n]...)
		}
	}
}

func (s *bpfSniffer) Close() error { return unix.Close(s.fd) }
