package wire

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// OpenTAP makes a TAP device of this name in the network namespace of this process. The device
// vanishes when the end is closed or the process dies (tuntap.rst: a device that is not
// persistent).
func OpenTAP(name string) (End, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open /dev/net/tun: %w", err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("make TAP device %s: %w", name, err)
	}
	return newFile(fd, "/dev/net/tun"), nil
}
