package platform

import (
	"strings"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/unix"
)

// readSystem looks at sw_vers(1) and sysctl(3).
func readSystem(f *findings) (identity, []clue) {
	release, err := unix.Sysctl("kern.osrelease")
	f.missing("kernel", err)
	_, _, product, err := facts.PlatformInformation()
	if err != nil || product == "" { // without sw_vers; this sysctl came with macOS 10.13.4
		product, err = unix.Sysctl("kern.osproductversion")
		f.missing("version", err)
	}
	var clues []clue
	if n, err := unix.SysctlUint32("kern.hv_vmm_present"); err != nil {
		f.missing("environment", err)
	} else if n != 0 {
		clues = append(clues, clue{vm, "kern.hv_vmm_present is 1"})
	}
	return macos(strings.TrimSpace(product), release), clues
}

func jail() (jailed, vnet bool) { return false, false }

func enabled(name string) bool {
	n, err := unix.SysctlUint32(name)
	return err == nil && n != 0
}
