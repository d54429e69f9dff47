package platform

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// readSystem looks at uname(2) and os-release(5), at the zone that this process is in, and at what
// the firmware says.
func readSystem(f *findings) (identity, []clue) {
	uts := readUname(f)
	release, _ := ask(f, "distribution", func() ([]byte, error) { return os.ReadFile("/etc/os-release") })
	var clues []clue
	zone, err := ask(f, "zone", func() (string, error) { return said("/usr/bin/zonename") })
	if err == nil && strings.TrimSpace(zone) != "global" {
		clues = append(clues, clue{container, "the zone is not the global one"})
	}
	firmware, _ := ask(f, "firmware", func() (string, error) { return said("/usr/sbin/smbios", "-t", "SMB_TYPE_SYSTEM") })
	clues = append(clues, virtualHardware(smbiosSystem(firmware))...)
	return illumos(unix.ByteSliceToString(uts.Release[:]), unix.ByteSliceToString(uts.Version[:]), parseOSRelease(string(release))), clues
}

// toolPatience is how long a program that only reads a kernel's state may take; they take a few
// milliseconds.
const toolPatience = 3 * time.Second

func said(program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), toolPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output()
	return string(out), err
}

// readPrivilege distinguishes root from all other users; what privileges(7) may have been given or
// taken shows when a socket is made.
func readPrivilege(*findings, string) privilege { return bsdPrivilege(os.Geteuid(), false, false) }

func readFilter(f *findings, _ string) string {
	return unknownFilter(f, sock.Errno("ask IP Filter", "ENOSYS", 0))
}
