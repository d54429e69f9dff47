package platform

import (
	"strings"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/unix"
)

// readSystem looks at sw_vers(1) and sysctl(3).
func readSystem(f *findings) (identity, []clue) {
	release, _ := ask(f, "kernel", func() (string, error) { return unix.Sysctl("kern.osrelease") })
	product, _ := ask(f, "product", func() (string, error) {
		_, _, product, err := facts.PlatformInformation()
		if err != nil {
			return "", nil //nolint:nilerr // the other way is tried
		}
		return product, nil
	})
	if product == "" { // without sw_vers; this sysctl came with macOS 10.13.4
		product, _ = ask(f, "version", func() (string, error) { return unix.Sysctl("kern.osproductversion") })
	}
	var clues []clue
	if n, _ := ask(f, "environment", func() (uint32, error) { return unix.SysctlUint32("kern.hv_vmm_present") }); n != 0 {
		clues = append(clues, clue{vm, "kern.hv_vmm_present is 1"})
	}
	return macos(strings.TrimSpace(product), release), clues
}

func jail(*findings) (jailed, vnet bool) { return false, false }
