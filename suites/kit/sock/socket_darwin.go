package sock

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// open opens a socket that does not block and that no child inherits: the system has no flags for
// that.
func open(domain, kind, protocol int) (int, error) {
	syscall.ForkLock.RLock() // no child inherits the socket between socket(2) and fcntl(2)
	fd, err := unix.Socket(domain, kind, protocol)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return fd, err
	}
	if err = unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
	}
	return fd, err
}
