//go:build dragonfly || freebsd || netbsd || openbsd

package platform

import (
	"cmp"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// readSystem looks at uname(3) and at the sysctls in which each of these kernels says what it is a
// guest of; the ones that it does not have are not there.
func readSystem(f *findings) (identity, []clue) {
	uts := readUname(f)
	var clues []clue
	if jailed, _ := jail(f); jailed {
		clues = append(clues, clue{container, "security.jail.jailed is 1"})
	}
	for _, name := range []string{"kern.vm_guest", "kern.vmm_guest", "machdep.hypervisor"} {
		clues = append(clues, guestOf(name, f.setting(name))...)
	}
	clues = append(clues, virtualHardware(f.setting("hw.vendor"), f.setting("hw.product"))...)
	clues = append(clues, virtualHardware(f.setting("machdep.dmi.system-vendor"), f.setting("machdep.dmi.system-product"))...)
	return bsd(cmp.Or(unix.ByteSliceToString(uts.Sysname[:]), runtime.GOOS), unix.ByteSliceToString(uts.Release[:])), clues
}

// jail reports whether it is a FreeBSD jail, and whether it has a network of its own.
func jail(f *findings) (jailed, vnet bool) {
	return f.enabled("security.jail.jailed"), f.enabled("security.jail.vnet")
}

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
