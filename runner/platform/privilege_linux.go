package platform

import (
	"os"

	"golang.org/x/sys/unix"
)

// readPrivilege asks capget(2), which needs no /proc.
func readPrivilege(f *findings, _ string) privilege {
	var sets [2]unix.CapUserData // version 3 has 64 bits in two halves
	f.missing("capabilities", unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &sets[0]))
	effective := uint64(sets[1].Effective)<<32 | uint64(sets[0].Effective)
	return linuxPrivilege(os.Geteuid(), effective, f.text("map of user ids", "/proc/self/uid_map"))
}
