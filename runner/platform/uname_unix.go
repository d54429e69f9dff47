//go:build dragonfly || freebsd || illumos || linux || netbsd || openbsd

package platform

import "golang.org/x/sys/unix"

// readUname calls uname(2).
func readUname(f *findings) unix.Utsname {
	name, _ := ask(f, "kernel", func() (name unix.Utsname, err error) {
		err = unix.Uname(&name)
		return name, err
	})
	return name
}
