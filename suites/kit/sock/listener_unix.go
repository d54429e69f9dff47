//go:build unix

package sock

import "golang.org/x/sys/unix"

// Listener is a TCP socket of IPv4 that somebody has made by bare calls, to be used by this layer from now on; it stops
// blocking.
func Listener(fd int) (Socket, error) {
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fail("fcntl", err)
	}
	return &unixSocket{fd: fd, family: Inet, kind: TCP}, nil
}
