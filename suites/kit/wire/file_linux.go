package wire

import (
	"errors"
	"net"
	"os"
)

// file is an End behind a file that Go's own poller waits for: epoll(7) works for TAP devices and
// packet sockets here.
type file struct{ *os.File }

// newFile takes over a file that does not block.
func newFile(fd int, name string) End { return file{os.NewFile(uintptr(fd), name)} }

func (f file) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	if errors.Is(err, os.ErrClosed) {
		err = net.ErrClosed
	}
	return n, err
}
