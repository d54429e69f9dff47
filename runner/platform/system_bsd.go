//go:build dragonfly || freebsd || netbsd || openbsd

package platform

import (
	"strings"

	"golang.org/x/sys/unix"
)

// readSystem looks at uname(3) and at the sysctls in which each of these kernels tells what it is a guest of; the ones
// that it does not have are not there.
func readSystem(f *findings) (identity, []clue) {
	var uts unix.Utsname
	f.missing("kernel", unix.Uname(&uts))
	var clues []clue
	if jailed, _ := jail(); jailed {
		clues = append(clues, clue{container, "security.jail.jailed is 1"})
	}
	for _, name := range []string{"kern.vm_guest", "kern.vmm_guest", "machdep.hypervisor"} {
		clues = append(clues, guestOf(name, setting(name))...)
	}
	clues = append(clues, virtualHardware(setting("hw.vendor"), setting("hw.product"))...)
	clues = append(clues, virtualHardware(setting("machdep.dmi.system-vendor"), setting("machdep.dmi.system-product"))...)
	return bsd(unix.ByteSliceToString(uts.Sysname[:]), unix.ByteSliceToString(uts.Release[:])), clues
}

// setting is a sysctl that holds text, empty if there is none of this name.
func setting(name string) string {
	s, err := unix.Sysctl(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(s)
}

// jail tells a FreeBSD jail, and whether it has a network of its own.
func jail() (jailed, vnet bool) {
	return enabled("security.jail.jailed"), enabled("security.jail.vnet")
}

// enabled is a sysctl that holds a number; one that is not there is off.
func enabled(name string) bool {
	n, err := unix.SysctlUint32(name)
	return err == nil && n != 0
}
