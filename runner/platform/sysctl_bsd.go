//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import "golang.org/x/sys/unix"

// enabled is a sysctl that holds a number; one that is not there is off.
func (f *findings) enabled(name string) bool {
	on, _ := ask(f, name, func() (bool, error) {
		n, err := unix.SysctlUint32(name)
		return err == nil && n != 0, nil
	})
	return on
}
