package platform

import (
	"os"
	"strings"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/unix"
)

// readSystem looks at uname(2), os-release(5), /proc and /sys.
func readSystem(f *findings) (identity, []clue) {
	var uts unix.Utsname
	f.missing("kernel", unix.Uname(&uts))
	release := unix.ByteSliceToString(uts.Release[:])
	d := parseOSRelease(f.text("distribution", "/etc/os-release", "/usr/lib/os-release"))
	clues := inSentry(sentrySigns{
		log:     kernelLog(),
		cmdline: strings.TrimSpace(f.text("kernel's command line", "/proc/cmdline")),
		release: release,
		meminfo: exists("/proc/sentry-meminfo"),
	})
	if len(clues) > 0 {
		return sentry(release, d), clues // its namespaces have numbers of their own
	}
	clues = windowsSubsystem(release, exists("/proc/sys/fs/binfmt_misc/WSLInterop"), exists("/run/WSL"))
	clues = append(clues, readWalls(f, len(clues) > 0)...)
	clues = append(clues, hypervisorFlag(f.text("processor's flags", "/proc/cpuinfo"))...)
	clues = append(clues, virtualHardware(firmware(f, "sys_vendor"), firmware(f, "product_name"))...)
	if exists("/proc/device-tree/hypervisor") { // how KVM and Xen tell an ARM guest
		clues = append(clues, clue{vm, "the device tree has a hypervisor"})
	}
	if isWSL1(release) {
		return wsl1(release, d), clues
	}
	// gopsutil knows the files that hold Debian's point release and the like; os-release has but the version.
	if id, _, point, err := facts.PlatformInformation(); err == nil && id == d.id {
		return linux(release, d, point), clues
	}
	return linux(release, d, ""), clues
}

func readWalls(f *findings, inWSL bool) []clue {
	i := isolation{
		namespaces: map[string]string{},
		cgroup:     f.text("cgroup", "/proc/self/cgroup"),
		manager:    strings.TrimSpace(f.text("container manager", "/run/systemd/container")),
		mounts:     f.text("mounts", "/proc/self/mountinfo"),
		wsl:        inWSL,
	}
	for kind := range firstNamespaces {
		if link, err := os.Readlink("/proc/self/ns/" + kind); err == nil { // a kernel may lack some kinds
			i.namespaces[kind] = link
		}
	}
	i.net, _ = os.Readlink("/proc/self/ns/net")
	i.initNet, _ = os.Readlink("/proc/1/ns/net") // another user's processes may not be looked at
	for _, m := range []struct{ path, name string }{{"/.dockerenv", ".dockerenv"}, {"/run/.containerenv", ".containerenv"}} {
		if exists(m.path) {
			i.markers = append(i.markers, m.name)
		}
	}
	return contained(i)
}

// kernelLog is the first 8 KiB of the kernel's log (syslog(2), SYSLOG_ACTION_READ_ALL). Linux often refuses it, and
// gives the last 8 KiB; gVisor gives it to everybody, and all of it, which is shorter.
func kernelLog() string {
	const readAll = 3
	b := make([]byte, 8<<10)
	n, err := unix.Klogctl(readAll, b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}

// firmware reads one of the DMI fields that every user may read. Not every machine has them.
func firmware(f *findings, field string) string {
	return strings.TrimSpace(f.text("firmware", "/sys/class/dmi/id/"+field))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// text reads the first of these files that there is. A file that is not there is no finding; one that can't be read is.
func (f *findings) text(fact string, paths ...string) string {
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err == nil {
			return string(b)
		}
		if !os.IsNotExist(err) {
			f.missing(fact, err)
			return ""
		}
	}
	return ""
}
