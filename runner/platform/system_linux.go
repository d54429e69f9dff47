package platform

import (
	"maps"
	"os"
	"slices"
	"strings"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/unix"
)

// readSystem looks at uname(2), os-release(5), /proc and /sys.
func readSystem(f *findings) (identity, []clue) {
	uts := readUname(f)
	release := unix.ByteSliceToString(uts.Release[:])
	d := parseOSRelease(f.text("distribution", "/etc/os-release", "/usr/lib/os-release"))
	clues := inSentry(sentrySigns{
		log:     kernelLog(f),
		cmdline: strings.TrimSpace(f.text("kernel's command line", "/proc/cmdline")),
		release: release,
		meminfo: f.exists("sentry-meminfo", "/proc/sentry-meminfo"),
	})
	if len(clues) > 0 {
		return sentry(release, d), clues // its namespaces have numbers of their own
	}
	clues = windowsSubsystem(release, f.exists("WSLInterop", "/proc/sys/fs/binfmt_misc/WSLInterop"), f.exists("folder of WSL", "/run/WSL"))
	clues = append(clues, readWalls(f, len(clues) > 0)...)
	clues = append(clues, hypervisorFlag(f.text("processor's flags", "/proc/cpuinfo"))...)
	clues = append(clues, virtualHardware(firmware(f, "sys_vendor"), firmware(f, "product_name"))...)
	if f.exists("device tree", "/proc/device-tree/hypervisor") { // how KVM and Xen tell an ARM guest
		clues = append(clues, clue{vm, "the device tree has a hypervisor"})
	}
	if isWSL1(release) {
		return wsl1(release, d), clues
	}
	// gopsutil reads the files that hold Debian's point release and the like; os-release has but
	// the version.
	point, _ := ask(f, "point release", func() (string, error) {
		id, _, point, err := facts.PlatformInformation()
		if err != nil || id != d.id {
			return "", nil //nolint:nilerr // os-release has the version
		}
		return point, nil
	})
	return linux(release, d, point), clues
}

func readWalls(f *findings, inWSL bool) []clue {
	i := isolation{
		namespaces: map[string]string{},
		cgroup:     f.text("cgroup", "/proc/self/cgroup"),
		manager:    strings.TrimSpace(f.text("container manager", "/run/systemd/container")),
		mounts:     f.text("mounts", "/proc/self/mountinfo"),
		wsl:        inWSL,
	}
	for _, kind := range slices.Sorted(maps.Keys(firstNamespaces)) {
		if link := f.link("namespace "+kind, "/proc/self/ns/"+kind); link != "" { // a kernel may lack some kinds
			i.namespaces[kind] = link
		}
	}
	i.net = f.link("namespace net", "/proc/self/ns/net")
	i.initNet = f.link("namespace net of process 1", "/proc/1/ns/net") // another user's processes may not be looked at
	for _, m := range []struct{ path, name string }{{"/.dockerenv", ".dockerenv"}, {"/run/.containerenv", ".containerenv"}} {
		if f.exists(m.name, m.path) {
			i.markers = append(i.markers, m.name)
		}
	}
	return contained(i)
}

// kernelLog is the first 8 KiB of the kernel's log (syslog(2), SYSLOG_ACTION_READ_ALL). Linux often
// refuses it, and returns the last 8 KiB; gVisor returns all of it to every user, which is shorter.
func kernelLog(f *findings) string {
	log, _ := ask(f, "kernel's log", func() (string, error) {
		const readAll = 3
		b := make([]byte, 8<<10)
		n, err := unix.Klogctl(readAll, b)
		if err != nil {
			return "", nil //nolint:nilerr // most users may not read it
		}
		return string(b[:n]), nil
	})
	return log
}

// firmware reads one of the DMI fields that every user may read. Not every machine has them.
func firmware(f *findings, field string) string {
	return strings.TrimSpace(f.text("firmware", "/sys/class/dmi/id/"+field))
}

func (f *findings) exists(fact, path string) bool {
	is, _ := ask(f, fact, func() (bool, error) {
		_, err := os.Stat(path)
		return err == nil, nil
	})
	return is
}

// link is where a symbolic link leads to, empty if that can't be read.
func (f *findings) link(fact, path string) string {
	to, _ := ask(f, fact, func() (string, error) {
		to, _ := os.Readlink(path)
		return to, nil
	})
	return to
}

// text reads the first of these files that there is. A file that is not there is no finding; one
// that can't be read is.
func (f *findings) text(fact string, paths ...string) string {
	text, _ := ask(f, fact, func() (string, error) {
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err == nil || !os.IsNotExist(err) {
				return string(b), err
			}
		}
		return "", nil
	})
	return text
}
