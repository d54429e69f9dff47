package wire

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

// Make makes a TAP interface by opening the device that clones itself, which needs no node in /dev
// for each interface and so no root file system that can be written. The kernel removes the
// interface when the file is closed, also for a process that was killed (sys/net/if_tap.c,
// tap_fops_close), so there is nothing to tell outlives.
func Make(func(name string) error) (Made, error) {
	const path = "/dev/tap"
	system, err := ifreq.This()
	if err != nil {
		return Made{}, err
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return Made{}, fmt.Errorf("open %s: %w", path, missing(err, "MAKEDEV tap makes it"))
	}
	unix.CloseOnExec(fd) // the flag of open(2) does not reach a file that fd_clone made, on all releases
	named := system.Name()
	if err := ifreq.Ask(fd, named); err != nil {
		return Made{}, errors.Join(fmt.Errorf("name of the interface of %s: %w", path, err), unix.Close(fd))
	}
	end, err := newDevice(fd)
	if err != nil {
		return Made{}, fmt.Errorf("%s: %w", path, err)
	}
	return Made{named.NameIn(), "tap", end}, nil
}
