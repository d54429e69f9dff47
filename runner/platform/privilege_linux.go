package platform

import (
	"os"

	"golang.org/x/sys/unix"
)

// readPrivilege calls capget(2), which needs no /proc.
func readPrivilege(f *findings, _ string) privilege {
	sets, _ := ask(f, "capabilities", func() (sets [2]unix.CapUserData, err error) { // version 3 has 64 bits in two halves
		err = unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &sets[0])
		return sets, err
	})
	effective := uint64(sets[1].Effective)<<32 | uint64(sets[0].Effective)
	return linuxPrivilege(os.Geteuid(), effective, f.text("map of user ids", "/proc/self/uid_map"))
}
