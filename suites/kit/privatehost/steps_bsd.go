//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privatehost

import (
	"errors"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost/internal/undo"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

// kinds are the functions that take changes back. None of them minds if there is nothing to take
// back.
func kinds(system ifreq.System) undo.Kinds {
	return undo.Kinds{
		"destroy": func(s undo.Step) error { return destroy(system, s.Args[0]) },
		"up":      func(s undo.Step) error { return system.SetUp(s.Args[0], true) },
		"down":    func(s undo.Step) error { return gone(s.Args[0], system.SetUp(s.Args[0], false)) },
		"switch":  func(s undo.Step) error { return writeSwitch(s.Args[0], s.Args[1]) },
		"route":   func(s undo.Step) error { return settled(tellRoute(s.Raw)) },
		"assign": func(s undo.Step) error {
			a, err := netip.ParsePrefix(s.Args[1])
			if err != nil {
				return err
			}
			err = system.Assign(s.Args[0], a)
			if errors.Is(err, unix.EEXIST) {
				return nil
			}
			return err
		},
		"remove": func(s undo.Step) error {
			a, err := netip.ParsePrefix(s.Args[1])
			if err != nil {
				return err
			}
			err = system.Remove(s.Args[0], a.Addr())
			if errors.Is(err, unix.EADDRNOTAVAIL) {
				return nil
			}
			return gone(s.Args[0], err)
		},
	}
}

// destroy removes an interface, unless the system has done that with the last close of its device.
func destroy(system ifreq.System, name string) error {
	if _, err := net.InterfaceByName(name); err != nil {
		return nil //nolint:nilerr // it is not there
	}
	return gone(name, ifreq.Do(unix.AF_INET, system.Destroy(name)))
}

// gone is nil if the interface does not exist: then nothing is left of what was to be taken back.
func gone(name string, err error) error {
	if err == nil {
		return nil
	}
	if _, missing := net.InterfaceByName(name); missing != nil {
		return nil //nolint:nilerr // it is not there
	}
	return err
}

// settled is nil if a route is as it should be already: it exists, it does not, or its interface is
// gone.
func settled(err error) error {
	if errors.Is(err, unix.EEXIST) || errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}
