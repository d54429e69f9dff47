//go:build unix && !darwin

package sock

import "golang.org/x/sys/unix"

// open opens a socket that does not block and that no child inherits, in one call.
func open(domain, kind, protocol int) (int, error) {
	return unix.Socket(domain, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, protocol)
}
