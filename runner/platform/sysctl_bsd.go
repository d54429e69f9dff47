//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import (
	"strings"

	"golang.org/x/sys/unix"
)

// setting is a sysctl that holds text, empty if there is none of this name.
func (f *findings) setting(name string) string {
	s, _ := ask(f, name, func() (string, error) {
		s, err := unix.Sysctl(name)
		if err != nil {
			return "", nil //nolint:nilerr // it is not there
		}
		return strings.TrimSpace(s), nil
	})
	return s
}

// enabled is a sysctl that holds a number; one that is not there is off.
func (f *findings) enabled(name string) bool {
	on, _ := ask(f, name, func() (bool, error) {
		n, err := unix.SysctlUint32(name)
		return err == nil && n != 0, nil
	})
	return on
}
