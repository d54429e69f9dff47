//go:build unix

package capacity

import (
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/sweep"
)

// kernelRoom is a room of this kernel's own descriptors.
func kernelRoom() *Room { return &Room{shelf: &descriptors{}, stack: sock.Kernel()} }

// descriptors is a shelf of bare descriptors: four bytes for a listener, and nothing that the garbage collector has to
// look at.
type descriptors struct {
	fds  []int32
	name unix.SockaddrInet4
	// free is a socket that could not be bound to the address before, and can be to the next; 0 if there is none, since
	// descriptor 0 is the process's standard input.
	free int
}

func (d *descriptors) add(at sweep.Offset, port uint16) *sock.Error {
	fd := d.free
	d.free = 0
	if fd == 0 {
		var err error
		if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err != nil {
			return asError("socket", sock.SystemError("socket", err))
		}
	}
	d.name.Port, d.name.Addr = int(port), [4]byte{127, byte(at >> 16), byte(at >> 8), byte(at)}
	if err := unix.Bind(fd, &d.name); err != nil {
		d.free = fd
		return asError("bind", sock.SystemError("bind", err))
	}
	if err := unix.Listen(fd, backlog); err != nil {
		_ = unix.Close(fd)
		return asError("listen", sock.SystemError("listen", err))
	}
	d.fds = append(d.fds, int32(fd))
	return nil
}

func (d *descriptors) at(i int) (sock.Socket, error) { return sock.Listener(int(d.fds[i])) }

func (d *descriptors) shut(i int) error {
	fd := int(d.fds[i])
	d.fds[i] = -1
	return sock.SystemError("close", unix.Close(fd))
}

func (d *descriptors) close() error {
	for _, fd := range append(d.fds, int32(d.free)) {
		if fd > 0 {
			_ = unix.Close(int(fd))
		}
	}
	d.fds = nil
	return nil
}
