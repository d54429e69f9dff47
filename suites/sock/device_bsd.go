//go:build dragonfly || freebsd || netbsd || openbsd

package sock

import "golang.org/x/sys/unix"

// setDevice sets the options that have to do with devices; known is false for any other option. These systems tie no
// socket to an interface by its index.
func (s *unixSocket) setDevice(o Option, v int) (known bool, err error) {
	if o != HeaderIncluded {
		return false, nil
	}
	return true, failOr("setsockopt", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_HDRINCL, v))
}
