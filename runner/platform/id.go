package platform

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// identity is how a platform is called.
type identity struct {
	family  string   // "linux", "freebsd", "macos", "windows", "wine", "gvisor", "wsl1"
	release []string // the words of the id between family and environment: "6.12", "debian", "13"
	title   []string // what the title lists before the environment: "Debian 13", "Linux 6.12"
	version string   // "Debian 13.1", "15.0-RELEASE"
	kernel  string   // "Linux 6.12.107+deb13-cloud-amd64"
}

// id joins OS, release, environment and architecture. A system that is its own environment is named
// once. Who may do more than an ordinary user gets other answers, so the class of such a user ends
// the id: it is a column of its own.
func (i identity) id(environment, arch, user string) string {
	if environment == i.family {
		environment = ""
	}
	return model.PlatformID(i.family, strings.Join(i.release, " "), environment, arch+" "+distinguished(user))
}

// titled is the title with its environment and user; the host itself and an ordinary user need no
// word.
func (i identity) titled(environment, user string) string {
	words := slices.Clone(i.title)
	if label := map[string]string{vm: "VM", wsl: "WSL", container: "container"}[environment]; label != "" {
		words = append(words, label)
	}
	if class := distinguished(user); class != "" {
		words = append(words, "as "+class)
	}
	return strings.Join(words, ", ")
}

// distinguished is the class of a user who is not an ordinary one.
func distinguished(user string) string {
	if user == ordinary || user == unknownUser {
		return ""
	}
	return user
}

var leadingNumbers = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?`)

// series shortens a kernel's release to its first two numbers, within which a distribution's
// updates stay: "6.12".
func series(release string) string {
	if s := leadingNumbers.FindString(release); s != "" {
		return s
	}
	return "unknown"
}

// linux names a Linux kernel and its distribution. point is the distribution's point release
// ("13.1"), if known.
func linux(release string, d distribution, point string) identity {
	i := identity{
		family:  "linux",
		release: append([]string{series(release)}, d.words()...),
		title:   []string{"Linux " + series(release)},
		version: d.named(point),
		kernel:  "Linux " + release,
	}
	if d.id != "" {
		i.title = []string{d.named(""), "Linux " + series(release)}
	}
	return i
}

// unknownRelease stands for the release of gVisor, until WithRelease sets it.
const unknownRelease = "of unknown release"

// abi begins the id of a gVisor as long as only its system call interface is known.
var abi = regexp.MustCompile(`^gvisor-abi-[0-9]+(\.[0-9]+)*`)

// sentry names gVisor. It shows programs a constant release of Linux, which says what calls it
// offers and nothing about itself: 4.4.0 for ten years, then 4.19.0-gvisor (pkg/sentry/kernel,
// pkg/sentry/syscalls/linux/linux64.go).
func sentry(release string, d distribution) identity {
	calls := strings.TrimSuffix(release, "-gvisor")
	i := identity{
		family:  gvisor,
		release: append([]string{"abi", calls}, d.words()...),
		title:   []string{"gVisor " + unknownRelease},
		version: unknownRelease + ", with the system calls of Linux " + calls,
		kernel:  "gVisor, which tells programs that it is Linux " + release,
	}
	if d.id != "" {
		i.title = append(i.title, d.named(""))
		i.version += ", " + d.named("")
	}
	return i
}

// wsl1 names the first WSL, which offers the calls of Linux from the kernel of Windows.
func wsl1(release string, d distribution) identity {
	return identity{
		family:  "wsl1",
		release: append([]string{series(release)}, d.words()...),
		title:   []string{"WSL 1", d.named("")},
		version: d.named(""),
		kernel:  "Windows, which tells programs that it is Linux " + release,
	}
}

// bsd names FreeBSD, NetBSD, OpenBSD and DragonFly by uname(3). A release is what one expects;
// STABLE and CURRENT are not, and stay visible.
func bsd(sysname, release string) identity {
	short, _, _ := strings.Cut(release, "-RELEASE")
	return identity{
		family:  strings.ToLower(sysname),
		release: []string{short},
		title:   []string{sysname + " " + short},
		version: release,
		kernel:  sysname + " " + release,
	}
}

// illumos names a distribution of illumos. All say SunOS 5.11; the version of the kernel
// ("omnios-r151058-a1b2c3d") says which build it is.
func illumos(release, version string, d distribution) identity {
	return identity{
		family:  "illumos",
		release: d.words(),
		title:   []string{d.named("")},
		version: d.named(""),
		kernel:  strings.TrimSpace("SunOS " + release + " " + version),
	}
}

// macos names macOS by its product version and the release of its kernel.
func macos(product, release string) identity {
	if product == "" {
		product = "unknown"
	}
	return identity{
		family:  "macos",
		release: []string{product},
		title:   []string{"macOS " + product},
		version: product,
		kernel:  "Darwin " + release,
	}
}

var windowsName = regexp.MustCompile(`Windows (Server )?(\d+( R2)?)`)

// windowsIdentity names Windows by its product ("Microsoft Windows 11 Pro"), display version
// ("24H2", may be empty) and build ("10.0.26100.4061").
func windowsIdentity(product, display, build string) identity {
	name := windowsName.FindString(product)
	if name == "" {
		name = "Windows " + build
	}
	title := strings.TrimSpace(name + " " + display)
	return identity{
		family:  "windows",
		release: []string{strings.TrimPrefix(title, "Windows ")},
		title:   []string{title},
		version: strings.TrimSpace(strings.TrimPrefix(product, "Microsoft ") + " " + display),
		kernel:  "Windows NT " + build,
	}
}

// layer returns what Wine says about itself: its version ("10.0"), its build ("wine-10.0 (Debian
// 10.0~repack-6)") and the system below, whose sockets it passes on. What it does not tell is
// empty.
type layer struct{ version, build, system, release string }

// translator names Wine.
func translator(w layer) identity {
	version := w.version
	if version == "" {
		version = "unknown"
	}
	i := identity{
		family:  wine,
		release: []string{version},
		title:   []string{"Wine " + version},
		version: version,
		kernel:  "Wine",
	}
	if build := strings.TrimPrefix(w.build, "wine-"); build != "" {
		i.version = build
	}
	if w.system != "" {
		i.release = append(i.release, w.system, series(w.release))
		i.title = append(i.title, w.system+" "+series(w.release))
		i.kernel = "Wine on " + w.system + " " + w.release
	}
	return i
}
