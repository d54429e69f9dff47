package platform

import (
	"slices"
	"strings"
	"testing"
)

// first are the links below /proc/self/ns of a process that is in no namespace of its own.
func first(except ...string) map[string]string {
	links := map[string]string{"pid": "pid:[4026531836]", "ipc": "ipc:[4026531839]", "uts": "uts:[4026531838]",
		"cgroup": "cgroup:[4026531835]", "user": "user:[4026531837]"}
	for _, kind := range except {
		links[kind] = kind + ":[4026532557]"
	}
	return links
}

func TestInnermost(t *testing.T) {
	inVM, inWSL := clue{vm, "v"}, clue{wsl, "w"}
	inContainer, inGVisor, inWine := clue{container, "c"}, clue{gvisor, "g"}, clue{wine, "i"}
	remark := clue{"", "r"}
	for _, c := range []struct {
		clues []clue
		want  string
		first string
	}{
		{nil, host, ""},
		{[]clue{remark}, host, "r"},
		{[]clue{remark, inVM}, vm, "v"},
		{[]clue{inVM, inWSL}, wsl, "w"},
		{[]clue{inWSL, inContainer, inVM}, container, "c"},
		{[]clue{inContainer, inGVisor, inVM}, gvisor, "g"},
		{[]clue{inVM, inWine}, wine, "i"},
	} {
		if got := innermost(c.clues); got != c.want {
			t.Errorf("%v is %q, want %q", c.clues, got, c.want)
		}
		if got := remarks(c.clues); len(got) != len(c.clues) || len(got) > 0 && got[0] != c.first {
			t.Errorf("%v: remarks %q, want %q first", c.clues, got, c.first)
		}
	}
}

func TestContained(t *testing.T) {
	for name, c := range map[string]struct {
		walls isolation
		want  string
		says  string
	}{
		"plain host":    {isolation{namespaces: first(), cgroup: "0::/user.slice/user-1000.slice/session-2.scope\n", net: "net:[4026531840]", initNet: "net:[4026531840]"}, host, ""},
		"nothing known": {isolation{}, host, ""},
		"docker": {isolation{namespaces: first("pid", "ipc", "uts", "cgroup"), cgroup: "0::/\n", markers: []string{".dockerenv"},
			mounts: "612 487 0:53 / / rw,relatime master:278 - overlay none rw,lowerdir=/var/lib/docker/overlay2/l/A\n"}, container,
			"the root file system is an overlay"},
		"docker with cgroup v1":    {isolation{namespaces: first("pid"), cgroup: "5:devices:/docker/0123456789abcdef\n"}, container, "the path of the cgroup names docker"},
		"docker with the host pid": {isolation{namespaces: first("ipc", "uts"), markers: []string{".dockerenv"}}, container, ".dockerenv exists, and so do namespaces of its own: ipc, uts"},
		"podman":                   {isolation{namespaces: first("pid", "user"), markers: []string{".containerenv"}}, container, "the user namespace is not the one that the kernel booted with"},
		"systemd-nspawn":           {isolation{namespaces: first("pid"), manager: "systemd-nspawn"}, container, "systemd was told that the container manager is systemd-nspawn"},
		"image that was booted": {isolation{namespaces: first(), markers: []string{".dockerenv"}}, host,
			".dockerenv exists, but all namespaces are those that the kernel booted with: an image that was booted"},
		"WSL":                     {isolation{namespaces: first("pid", "ipc", "uts"), manager: "wsl", wsl: true}, host, ""},
		"WSL from a docker image": {isolation{namespaces: first("pid", "ipc", "uts"), markers: []string{".dockerenv"}, wsl: true}, host, ".dockerenv exists, in a distribution of WSL"},
		"unshare -Urn":            {isolation{namespaces: first("user"), net: "net:[4026532557]"}, host, "the user namespace is not the one that the kernel booted with"},
		"unshare -n":              {isolation{namespaces: first(), net: "net:[4026532557]", initNet: "net:[4026531840]"}, host, "the network namespace is not that of process 1"},
	} {
		t.Run(name, func(t *testing.T) {
			clues := contained(c.walls)
			if got := innermost(clues); got != c.want {
				t.Errorf("is %q, want %q: %v", got, c.want, clues)
			}
			if got := remarks(clues); c.says != "" && !slices.Contains(got, c.says) || c.says == "" && len(got) != 0 {
				t.Errorf("says %q, want %q", got, c.says)
			}
			if text := strings.Join(remarks(clues), " "); strings.Contains(text, "0123456789abcdef") || strings.Contains(text, "/var/lib") {
				t.Errorf("tells too much: %s", text)
			}
		})
	}
}

func TestWindowsSubsystem(t *testing.T) {
	for _, c := range []struct {
		release         string
		interop, folder bool
		clues           int
		first           bool
	}{
		{"6.1.0-50-amd64", false, false, 0, false},
		{"6.8.0-1021-azure", false, false, 0, false},
		{"5.15.167.4-microsoft-standard-WSL2", true, true, 3, false},
		{"4.4.0-19041-Microsoft", true, false, 2, true},
		{"6.14.0-mine", true, false, 1, false},
	} {
		clues := windowsSubsystem(c.release, c.interop, c.folder)
		if len(clues) != c.clues || len(clues) > 0 && innermost(clues) != wsl || isWSL1(c.release) != c.first {
			t.Errorf("%s: %v, WSL 1: %t", c.release, clues, isWSL1(c.release))
		}
	}
}

func TestInSentry(t *testing.T) {
	for name, c := range map[string]struct {
		signs sentrySigns
		clues int
	}{
		"Debian 12": {sentrySigns{"[    0.000000] Linux version 6.1.0-50-amd64 (debian-kernel@lists.debian.org)\n",
			"BOOT_IMAGE=/vmlinuz-6.1.0-50-amd64 root=UUID=0 ro quiet", "6.1.0-50-amd64", false}, 0},
		"log refused": {sentrySigns{"", "quiet", "6.1.0-50-amd64", false}, 0},
		"somebody writes to the log": {sentrySigns{"[    0.000000] Linux version 6.1.0\n[    1.000000] Starting gVisor...\n",
			"quiet", "6.1.0-50-amd64", false}, 0},
		"runsc of 2022": {sentrySigns{"[   0.000000] Starting gVisor...\n[   0.254302] Granting licence to kill(2)...\n",
			"BOOT_IMAGE=/vmlinuz-4.4.0-gvisor quiet", "4.4.0", true}, 3},
		"runsc of 2026": {sentrySigns{"[   0.000000] Starting gVisor...\n",
			"BOOT_IMAGE=/vmlinuz-4.19.0-gvisor quiet", "4.19.0-gvisor", true}, 4},
		"without /proc": {sentrySigns{"[   0.000000] Starting gVisor...\n", "", "4.4.0", false}, 1},
	} {
		if clues := inSentry(c.signs); len(clues) != c.clues || len(clues) > 0 && innermost(clues) != gvisor {
			t.Errorf("%s: %v, want %d clues", name, clues, c.clues)
		}
	}
}

func TestVirtualHardware(t *testing.T) {
	for _, c := range []struct {
		vendor, product string
		want            string
	}{
		{"QEMU", "Standard PC (Q35 + ICH9, 2009)", vm},
		{"Microsoft Corporation", "Virtual Machine", vm},
		{"Microsoft Corporation", "Surface Pro 7", host},
		{"innotek GmbH", "VirtualBox", vm},
		{"VMware, Inc.", "VMware20,1", vm},
		{"Google", "Google Compute Engine", vm},
		{"Google", "Pixelbook", host},
		{"Amazon EC2", "t3.micro", vm},
		{"Amazon EC2", "m5.metal", host},
		{"Apple Inc.", "Apple Virtualization Generic Platform", vm},
		{"Apple Inc.", "MacBookPro18,3", host},
		{"OpenBSD", "VMM", vm},
		{"Dell Inc.", "PowerEdge R650", host},
		{"", "", host},
	} {
		if got := innermost(virtualHardware(c.vendor, c.product)); got != c.want {
			t.Errorf("%s, %s is %q, want %q", c.vendor, c.product, got, c.want)
		}
	}
}

func TestHypervisor(t *testing.T) {
	for cpuinfo, want := range map[string]string{
		"":                                 host,
		"processor\t: 0\nBogoMIPS\t: 50\n": host,
		"processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n":                      vm,
		"flags\t\t: fpu hypervisor\n":                                                  vm,
		"model name\t: hypervisor\nflags\t\t: fpu vme\nvmx flags\t: vnmi hypervisor\n": host,
	} {
		if got := innermost(hypervisorFlag(cpuinfo)); got != want {
			t.Errorf("%q is %q, want %q", cpuinfo, got, want)
		}
	}
	for word, want := range map[string]string{"": host, "none": host, "NONE": host, "kvm": vm, "hv": vm, "vkernel": vm} {
		if got := innermost(guestOf("kern.vm_guest", word)); got != want {
			t.Errorf("kern.vm_guest %q is %q, want %q", word, got, want)
		}
	}
}

// TestSMBIOSSystem reads the form that smbios(8) documents.
func TestSMBIOSSystem(t *testing.T) {
	vendor, product := smbiosSystem("ID    SIZE TYPE\n1     79   SMB_TYPE_SYSTEM (type 1) (system information)\n\n  Manufacturer: QEMU\n  Product: Standard PC (Q35 + ICH9, 2009)\n  Version: pc-q35-7.2\n")
	if vendor != "QEMU" || product != "Standard PC (Q35 + ICH9, 2009)" {
		t.Errorf("%q, %q", vendor, product)
	}
	if vendor, product := smbiosSystem(""); vendor != "" || product != "" {
		t.Errorf("%q, %q of nothing", vendor, product)
	}
}
