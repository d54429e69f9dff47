//go:build dragonfly || freebsd

package wire

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

// firstTAP is the number from which a free interface is sought. DragonFly keeps the first four
// devices for ever (sys/net/tap/if_tap.c, TAP_PREALLOCATED_UNITS).
const firstTAP = 40

// Make makes a TAP interface. On FreeBSD it outlives whoever opened its device (tap(4)), on
// DragonFly some releases remove it with the last close and some do not. So it is made by its name,
// which outlives is told beforehand; if that fails, nothing is made.
func Make(outlives func(name string) error) (Made, error) {
	system, err := ifreq.This()
	if err != nil {
		return Made{}, err
	}
	name, err := free("tap", firstTAP)
	if err != nil {
		return Made{}, err
	}
	if err := outlives(name); err != nil {
		return Made{}, err
	}
	if err := ifreq.Do(unix.AF_INET, system.Create(name)); err != nil {
		if errors.Is(err, unix.EINVAL) { // no driver knows the name (if_clone_create)
			err = fmt.Errorf("%w; the driver is not loaded (kldload if_tap, or if_tuntap since FreeBSD 12.1)", err)
		}
		return Made{}, fmt.Errorf("create %s: %w", name, err)
	}
	path := "/dev/" + name
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return Made{}, fmt.Errorf("open %s: %w", path, err)
	}
	end, err := newDevice(fd)
	if err != nil {
		return Made{}, fmt.Errorf("%s: %w", path, err)
	}
	return Made{name, "tap", end}, nil
}
