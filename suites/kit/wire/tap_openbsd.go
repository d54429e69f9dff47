package wire

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Make makes a TAP interface by opening its device. The kernel makes it for that, and removes it
// when the device is closed, also for a process that was killed (tap(4)), so there is nothing to
// tell outlives. An interface that is there already is another's.
func Make(func(name string) error) (Made, error) {
	var last error
	for n := range attempts {
		name := fmt.Sprint("tap", n)
		if exists(name) {
			last = fmt.Errorf("%s is in use", name)
			continue
		}
		path := "/dev/" + name
		fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if errors.Is(err, unix.EBUSY) { // another process was faster
			last = fmt.Errorf("open %s: %w", path, err)
			continue
		}
		if err != nil {
			return Made{}, errors.Join(last, fmt.Errorf("open %s: %w", path, missing(err, "MAKEDEV "+name+" makes it")))
		}
		end, err := newDevice(fd)
		if err != nil {
			return Made{}, fmt.Errorf("%s: %w", path, err)
		}
		return Made{name, "tap", end}, nil
	}
	return Made{}, last
}
