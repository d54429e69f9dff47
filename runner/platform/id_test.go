package platform

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// The os-release files as the distributions ship them, without their links.
const (
	debian12 = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n" +
		"VERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n"
	debianSid = "PRETTY_NAME=\"Debian GNU/Linux forky/sid\"\nNAME=\"Debian GNU/Linux\"\nVERSION_CODENAME=forky\nID=debian\n"
	ubuntu    = "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.3 LTS (Noble Numbat)\"\n" +
		"VERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n"
	alpine = "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine Linux v3.22\"\n"
	arch   = "NAME=\"Arch Linux\"\nPRETTY_NAME=\"Arch Linux\"\nID=arch\nBUILD_ID=rolling\n"
	fedora = "# made by hand\n\nNAME='Fedora Linux'\nID=fedora\nVERSION_ID=42\n  VERSION_CODENAME=\"\"\nno assignment\n"
)

func TestIdentity(t *testing.T) {
	of := func(release, osRelease, point string) identity {
		return linux(release, parseOSRelease(osRelease), point)
	}
	for _, c := range []struct {
		is                                       identity
		environment, arch                        string
		id, title, wantVersion, wantKernel, kind string
	}{
		{of("6.1.0-50-amd64", debian12, "12.11"), vm, "amd64",
			"linux-6.1-debian-12-vm-amd64", "Debian 12, Linux 6.1, VM", "Debian 12.11", "Linux 6.1.0-50-amd64", "linux"},
		{of("6.12.107+deb13-cloud-amd64", debian12, "trixie/sid"), host, "amd64",
			"linux-6.12-debian-12-host-amd64", "Debian 12, Linux 6.12", "Debian 12", "Linux 6.12.107+deb13-cloud-amd64", "linux"},
		{of("7.2.13+deb14-amd64", debianSid, "forky/sid"), host, "arm64",
			"linux-7.2-debian-forky-host-arm64", "Debian forky, Linux 7.2", "Debian forky", "Linux 7.2.13+deb14-amd64", "linux"},
		{of("6.8.0-45-generic", ubuntu, "24.04"), container, "arm64",
			"linux-6.8-ubuntu-24.04-container-arm64", "Ubuntu 24.04, Linux 6.8, container", "Ubuntu 24.04", "Linux 6.8.0-45-generic", "linux"},
		{of("6.12.40-0-lts", alpine, ""), host, "amd64",
			"linux-6.12-alpine-3.22.1-host-amd64", "Alpine 3.22.1, Linux 6.12", "Alpine 3.22.1", "Linux 6.12.40-0-lts", "linux"},
		{of("6.16.1-arch1-1", arch, ""), host, "amd64",
			"linux-6.16-arch-host-amd64", "Arch, Linux 6.16", "Arch", "Linux 6.16.1-arch1-1", "linux"},
		{of("6.15.9-201.fc42", fedora, ""), host, "amd64",
			"linux-6.15-fedora-42-host-amd64", "Fedora 42, Linux 6.15", "Fedora 42", "Linux 6.15.9-201.fc42", "linux"},
		{of("5.10.223", "", ""), vm, "amd64", "linux-5.10-vm-amd64", "Linux 5.10, VM", "no distribution", "Linux 5.10.223", "linux"},
		{of("", "", ""), host, "amd64", "linux-unknown-host-amd64", "Linux unknown", "no distribution", "Linux ", "linux"},
		{of("5.15.167.4-microsoft-standard-WSL2", ubuntu, "24.04"), wsl, "amd64",
			"linux-5.15-ubuntu-24.04-wsl-amd64", "Ubuntu 24.04, Linux 5.15, WSL", "Ubuntu 24.04", "Linux 5.15.167.4-microsoft-standard-WSL2", "linux"},
		{wsl1("4.4.0-19041-Microsoft", parseOSRelease(ubuntu)), wsl, "amd64",
			"wsl1-4.4-ubuntu-24.04-wsl-amd64", "WSL 1, Ubuntu 24.04, WSL", "Ubuntu 24.04",
			"Windows, which tells programs that it is Linux 4.4.0-19041-Microsoft", "wsl1"},
		{sentry("4.4.0", distribution{}), gvisor, "amd64",
			"gvisor-abi-4.4.0-amd64", "gVisor of unknown release", "of unknown release, with the system calls of Linux 4.4.0",
			"gVisor, which tells programs that it is Linux 4.4.0", "gvisor"},
		{sentry("4.19.0-gvisor", parseOSRelease(debian12)), gvisor, "arm64",
			"gvisor-abi-4.19.0-debian-12-arm64", "gVisor of unknown release, Debian 12",
			"of unknown release, with the system calls of Linux 4.19.0, Debian 12",
			"gVisor, which tells programs that it is Linux 4.19.0-gvisor", "gvisor"},
		{translator(layer{"10.0", "wine-10.0 (Debian 10.0~repack-6)", "Linux", "6.18.44-x"}), wine, "amd64",
			"wine-10.0-linux-6.18-amd64", "Wine 10.0, Linux 6.18", "10.0 (Debian 10.0~repack-6)", "Wine on Linux 6.18.44-x", "wine"},
		{translator(layer{}), wine, "amd64", "wine-unknown-amd64", "Wine unknown", "unknown", "Wine", "wine"},
		{windowsIdentity("Microsoft Windows 11 Pro", "24H2", "10.0.26100.4061"), host, "arm64",
			"windows-11-24h2-host-arm64", "Windows 11 24H2", "Windows 11 Pro 24H2", "Windows NT 10.0.26100.4061", "windows"},
		{windowsIdentity("Microsoft Windows Server 2025 Datacenter", "24H2", "10.0.26100.4061"), vm, "amd64",
			"windows-server-2025-24h2-vm-amd64", "Windows Server 2025 24H2, VM", "Windows Server 2025 Datacenter 24H2",
			"Windows NT 10.0.26100.4061", "windows"},
		{windowsIdentity("Microsoft Windows Server 2012 R2 Standard", "", "6.3.9600.0"), host, "amd64",
			"windows-server-2012-r2-host-amd64", "Windows Server 2012 R2", "Windows Server 2012 R2 Standard", "Windows NT 6.3.9600.0", "windows"},
		{windowsIdentity("", "", "10.0.26100.1"), host, "amd64",
			"windows-10.0.26100.1-host-amd64", "Windows 10.0.26100.1", "", "Windows NT 10.0.26100.1", "windows"},
		{macos("15.5", "24.5.0"), vm, "arm64", "macos-15.5-vm-arm64", "macOS 15.5, VM", "15.5", "Darwin 24.5.0", "macos"},
		{macos("", "24.5.0"), host, "arm64", "macos-unknown-host-arm64", "macOS unknown", "unknown", "Darwin 24.5.0", "macos"},
		{bsd("FreeBSD", "15.0-RELEASE-p3"), vm, "amd64", "freebsd-15.0-vm-amd64", "FreeBSD 15.0, VM", "15.0-RELEASE-p3", "FreeBSD 15.0-RELEASE-p3", "freebsd"},
		{bsd("FreeBSD", "16.0-CURRENT"), vm, "amd64", "freebsd-16.0-current-vm-amd64", "FreeBSD 16.0-CURRENT, VM", "16.0-CURRENT", "FreeBSD 16.0-CURRENT", "freebsd"},
		{bsd("NetBSD", "10.1_STABLE"), host, "amd64", "netbsd-10.1-stable-host-amd64", "NetBSD 10.1_STABLE", "10.1_STABLE", "NetBSD 10.1_STABLE", "netbsd"},
		{bsd("OpenBSD", "7.7"), vm, "arm64", "openbsd-7.7-vm-arm64", "OpenBSD 7.7, VM", "7.7", "OpenBSD 7.7", "openbsd"},
		{illumos("5.11", "omnios-r151058-0123abcdef", parseOSRelease("NAME=\"OmniOS\"\nID=omnios\nVERSION=r151058\nVERSION_ID=r151058\n")), vm, "amd64",
			"illumos-omnios-r151058-vm-amd64", "OmniOS r151058, VM", "OmniOS r151058", "SunOS 5.11 omnios-r151058-0123abcdef", "illumos"},
		{bsd("DragonFly", "6.4-RELEASE"), host, "amd64", "dragonfly-6.4-host-amd64", "DragonFly 6.4", "6.4-RELEASE", "DragonFly 6.4-RELEASE", "dragonfly"},
	} {
		id := c.is.id(c.environment, c.arch, ordinary)
		if id != c.id || !model.ValidPlatformID(id) {
			t.Errorf("id is %q, want %q", id, c.id)
		}
		if title := c.is.titled(c.environment, unknownUser); title != c.title {
			t.Errorf("%s: title is %q, want %q", id, title, c.title)
		}
		if c.is.version != c.wantVersion || c.is.kernel != c.wantKernel || c.is.family != c.kind {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", id, c.is.version, c.is.kernel, c.is.family, c.wantVersion, c.wantKernel, c.kind)
		}
	}
}

func TestWithRelease(t *testing.T) {
	is := sentry("4.19.0-gvisor", parseOSRelease(debian12))
	inside := model.Platform{ID: is.id(gvisor, "amd64", root), Family: is.family, Title: is.titled(gvisor, root), Version: is.version, Kernel: is.kernel}
	told := WithRelease(inside, "release-20240729.0")
	if told.ID != "gvisor-20240729.0-debian-12-amd64-root" || !model.ValidPlatformID(told.ID) {
		t.Errorf("id is %q", told.ID)
	}
	if told.Title != "gVisor 20240729.0, Debian 12, as root" || told.Version != "20240729.0, with the system calls of Linux 4.19.0, Debian 12" {
		t.Errorf("title is %q, version %q", told.Title, told.Version)
	}
	if len(told.State.Evidence) != 1 || len(inside.State.Evidence) != 0 {
		t.Errorf("evidence is %q, and inside %q", told.State.Evidence, inside.State.Evidence)
	}
	other := model.Platform{ID: "linux-5.10-vm-amd64", Family: "linux"}
	if got := WithRelease(other, "20240729.0"); got.ID != other.ID || got.State.Evidence != nil {
		t.Errorf("another family was changed: %+v", got)
	}
}

// TestEveryUserHasAColumn checks that runs of one platform as different users never meet in one
// file or column.
func TestEveryUserHasAColumn(t *testing.T) {
	is := linux("6.12.107", parseOSRelease(debian12), "")
	for user, want := range map[string][2]string{
		ordinary:      {"linux-6.12-debian-12-vm-amd64", "Debian 12, Linux 6.12, VM"},
		unknownUser:   {"linux-6.12-debian-12-vm-amd64", "Debian 12, Linux 6.12, VM"},
		root:          {"linux-6.12-debian-12-vm-amd64-root", "Debian 12, Linux 6.12, VM, as root"},
		usernsRoot:    {"linux-6.12-debian-12-vm-amd64-userns-root", "Debian 12, Linux 6.12, VM, as userns-root"},
		administrator: {"linux-6.12-debian-12-vm-amd64-administrator", "Debian 12, Linux 6.12, VM, as administrator"},
	} {
		if got := [2]string{is.id(vm, "amd64", user), is.titled(vm, user)}; got != want || !model.ValidPlatformID(got[0]) {
			t.Errorf("%s: %q, want %q", user, got, want)
		}
	}
}

func TestWithUser(t *testing.T) {
	inside := model.Platform{ID: "wine-10.0-linux-6.18-amd64", Title: "Wine 10.0, Linux 6.18", Family: wine,
		State: model.State{User: unknownUser, Unknown: []string{"filter: not shown", "user: not shown"}}}
	as := WithUser(inside, true)
	if as.ID != "wine-10.0-linux-6.18-amd64-root" || as.Title != "Wine 10.0, Linux 6.18, as root" || as.State.User != root {
		t.Errorf("as root it is %+v", as)
	}
	if len(as.State.Unknown) != 1 || len(as.State.Evidence) != 1 || len(inside.State.Unknown) != 2 {
		t.Errorf("unknown is %q, evidence %q; and inside %q", as.State.Unknown, as.State.Evidence, inside.State.Unknown)
	}
	if as := WithUser(inside, false); as.ID != inside.ID || as.Title != inside.Title || as.State.User != ordinary {
		t.Errorf("as an ordinary user it is %+v", as)
	}
	other := model.Platform{ID: "linux-6.12-vm-amd64", Family: "linux", State: model.State{User: unknownUser}}
	if got := WithUser(other, true); got.ID != other.ID || got.State.User != unknownUser {
		t.Errorf("another family was changed: %+v", got)
	}
}
