package platform

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// as gives the platform that Detect would make of an identity.
func as(i identity, environment, user string) model.Platform {
	p := model.Platform{ID: i.id(environment, "amd64", user), Title: i.titled(environment, user), Family: i.family, Version: i.version,
		Kernel: i.kernel, Arch: "amd64", Environment: environment}
	p.State.User = user
	return p
}

func identities() map[string]model.Platform {
	debian := distribution{id: "debian", name: "Debian GNU/Linux", version: "13"}
	arch := distribution{id: "arch", name: "Arch Linux"}
	leap := distribution{id: "opensuse-leap", name: "openSUSE Leap", version: "15.6"}
	forky := distribution{id: "debian", name: "Debian GNU/Linux", codename: "forky"}
	return map[string]model.Platform{
		"linux":            as(linux("6.12.107+deb13", debian, "13.1"), vm, root),
		"linux, host":      as(linux("6.12.107+deb13", debian, "13.1"), "host", ordinary),
		"linux, container": as(linux("6.12.107", leap, ""), container, ordinary),
		"linux, rolling":   as(linux("6.18.1-arch1-1", arch, ""), vm, ordinary),
		"linux, testing":   as(linux("7.0.1", forky, ""), wsl, root),
		"linux alone":      as(linux("5.10.0-32", distribution{}, ""), vm, root),
		"freebsd":          as(bsd("FreeBSD", "15.0-RELEASE"), vm, root),
		"freebsd current":  as(bsd("FreeBSD", "16.0-CURRENT"), vm, ordinary),
		"openbsd":          as(bsd("OpenBSD", "7.8"), vm, ordinary),
		"macos":            as(macos("26.1", "25.1.0"), "host", ordinary),
		"windows":          as(windowsIdentity("Microsoft Windows Server 2025 Datacenter", "24H2", "10.0.26100.4061"), vm, "administrator"),
		"windows unnamed":  as(windowsIdentity("", "", "10.0.26100.4061"), vm, unknownUser),
		"wine":             as(translator(layer{version: "10.0", build: "wine-10.0 (Debian 10.0~repack-6)", system: "Linux", release: "6.18.4"}), wine, unknownUser),
		"wine alone":       as(translator(layer{version: "10.0"}), wine, unknownUser),
		"wine, as root":    WithUser(as(translator(layer{version: "10.0", system: "Linux", release: "6.18.4"}), wine, unknownUser), true),
		"gvisor":           as(sentry("4.19.0-gvisor", distribution{}), gvisor, root),
		"gvisor, debian":   as(sentry("4.4.0", debian), gvisor, ordinary),
		"gvisor, released": WithRelease(as(sentry("4.4.0", debian), gvisor, root), "release-20260714.0"),
		"wsl1":             as(wsl1("4.4.0-19041-Microsoft", debian), wsl, ordinary),
	}
}

// TestNamed finds nothing wrong with the ids that the kit makes.
func TestNamed(t *testing.T) {
	for name, p := range identities() {
		if why := Misnamed(p); why != "" {
			t.Errorf("%s: %s (%s): %s", name, p.ID, p.Title, why)
		}
	}
	names, err := filepath.Glob("../../reports/combine/testdata/measured/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no reports", err)
	}
	for _, name := range names {
		r, err := model.Read(name, claim.Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		if why := Misnamed(r.Platform); why != "" {
			t.Errorf("%s: %s: %s", name, r.Platform.ID, why)
		}
	}
}

// TestMisnamed changes a fact, or the id, of each platform.
func TestMisnamed(t *testing.T) {
	for change, spoil := range map[string]func(*model.Platform){
		"family": func(p *model.Platform) { p.Family = "plan9" },
		"arch":   func(p *model.Platform) { p.Arch = "arm64" },
		"user": func(p *model.Platform) {
			p.State.User = map[bool]string{true: ordinary, false: root}[p.State.User == root]
		},
		"environment": func(p *model.Platform) { p.Environment = "cloud" },
		"id":          func(p *model.Platform) { p.ID = "x" + p.ID },
		"id, end":     func(p *model.Platform) { p.ID += "-x" },
		"release": func(p *model.Platform) {
			for _, s := range []*string{&p.Title, &p.Version, &p.Kernel} {
				*s = strings.NewReplacer("1", "3", "4", "9", "5", "8", "7", "8", "2", "8", "forky", "duke", "Arch", "Bow").Replace(*s)
			}
		},
	} {
		for name, p := range identities() {
			spoil(&p)
			if Misnamed(p) == "" {
				t.Errorf("%s of %s: %s (%s) passes", change, name, p.ID, p.Title)
			}
		}
	}
}
