package platforms

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/vagrant"
)

var update = flag.Bool("update", false, "copy .github/targets.json anew")

// origin is the list as the workflows read it.
const origin = "../../.github/targets.json"

func TestCopy(t *testing.T) {
	g := gomega.NewWithT(t)
	list, err := os.ReadFile(origin)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	if *update {
		g.Expect(os.WriteFile("targets.json", list, 0o644)).To(gomega.Succeed())
		return
	}
	// A checkout on Windows may end its lines in its own way.
	lines := func(b []byte) string { return strings.ReplaceAll(string(b), "\r\n", "\n") }
	g.Expect(lines(List)).To(gomega.Equal(lines(list)), "copy it anew with go generate ./reports/platforms")
}

func targets(t *testing.T) []Target {
	t.Helper()
	all, err := Targets()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBoxes makes sure that every box of vagrant/boxes.json is a way to measure a target of its own
// system, and that no target names another box.
func TestBoxes(t *testing.T) {
	g := gomega.NewWithT(t)
	boxes, err := vagrant.Boxes()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	named := map[string]Target{}
	for _, target := range targets(t) {
		for _, name := range target.Vagrant {
			g.Expect(named).NotTo(gomega.HaveKey(name), "two targets name this box")
			named[name] = target
		}
	}
	for _, b := range boxes {
		target, is := named[b.Name]
		g.Expect(is).To(gomega.BeTrue(), "no target names the box %s", b.Name)
		g.Expect(target.OS).To(gomega.Equal(b.OS), b.Name)
		g.Expect(b.Architectures).To(gomega.ContainElement(target.Arch), b.Name)
		delete(named, b.Name)
	}
	g.Expect(named).To(gomega.BeEmpty(), "vagrant/boxes.json has no such box")
}

// TestHosted makes sure that the list has every release that the public table promises to measure
// on hosted machines, on labels that name one.
func TestHosted(t *testing.T) {
	var labels []string
	for _, target := range targets(t) {
		if target.VM == nil && target.Runner != "" {
			labels = append(labels, target.Runner)
		}
	}
	gomega.NewWithT(t).Expect(labels).To(gomega.ConsistOf(
		"ubuntu-22.04", "ubuntu-24.04", "ubuntu-26.04", "ubuntu-22.04-arm", "ubuntu-24.04-arm", "ubuntu-26.04-arm",
		"macos-15", "macos-26", "macos-15-intel", "macos-26-intel", "windows-2022", "windows-2025", "windows-11-arm"))
}

func TestParse(t *testing.T) {
	good := func(change ...string) string {
		one := `{"id": "a-1", "title": "A 1", "family": "a", "platforms": "a-1*-amd64", "os": "linux", "arch": "amd64", "users": ["root"], "runner": "ubuntu-24.04"}`
		return strings.NewReplacer(change...).Replace(one)
	}
	list := func(targets ...string) string {
		return `{"about": "", "targets": [` + strings.Join(targets, ",") + `]}`
	}
	for _, c := range []struct {
		name, list string
		wrong      []string
	}{
		{"one", list(good()), nil},
		{"nothing", "", []string{"EOF"}},
		{"no targets", list(), []string{"no targets"}},
		{"twice", list(good(), good()), []string{`target 2 ("a-1"): another`}},
		{"an empty target", list("{}"), []string{"id:", "title:", "family:", "platforms:", "os:", "arch:", "users:", "no way to measure"}},
		{"a field that nobody knows", list(`{"colour": "red"}`), []string{"colour"}},
		{"something behind it", list(good()) + "{}", []string{"follows"}},
		{"a label that moves", list(good("ubuntu-24.04", "ubuntu-latest")), []string{`"ubuntu-latest" does not name one release`}},
		{"a VM on a Mac", list(good(`"ubuntu-24.04"`, `"macos-26", "vm": {"system": "a", "release": "1.0"}`)), []string{"on Linux only"}},
		{"a release for a shell", list(good(`"ubuntu-24.04"`, `"ubuntu-24.04", "vm": {"system": "a", "release": "1;x"}`)), []string{"release:"}},
		{"a pattern of another family", list(good("a-1*", "b-1*")), []string{"platforms:"}},
		{"a pattern that is none", list(good("a-1*", "a-[1")), []string{"platforms:"}},
		{"a pattern of another architecture", list(good("*-amd64", "*-arm64")), []string{"does not end in amd64"}},
		{"a system without a kit", list(good("linux", "plan9")), []string{"plan9"}},
		{"a system that is missing", list(good(`"linux"`, `"plan9", "missing": "no sockets"`)), nil},
		{"a user who is none", list(good(`"root"`, `"king"`)), []string{"king"}},
		{"no way to get it", list(good(`"runner": "ubuntu-24.04"`, `"target": "kernel:x"`)), []string{"belong together"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			_, err := Parse([]byte(c.list))
			if c.wrong == nil {
				g.Expect(err).NotTo(gomega.HaveOccurred())
				return
			}
			g.Expect(err).To(gomega.HaveOccurred())
			for _, w := range c.wrong {
				g.Expect(err.Error()).To(gomega.ContainSubstring(w))
			}
		})
	}
}

// TestIs compares the patterns with ids as the kit makes them (runner/platform).
func TestIs(t *testing.T) {
	for platform, id := range map[string]string{
		"linux-6.17-ubuntu-24.04-vm-amd64":                "ubuntu-24.04-amd64",
		"linux-6.17-ubuntu-24.04-vm-amd64-root":           "ubuntu-24.04-amd64",
		"linux-6.17-ubuntu-24.04-vm-arm64":                "ubuntu-24.04-arm64",
		"linux-6.17-ubuntu-24.04-container-amd64":         "",
		"linux-6.1-vm-amd64-root":                         "linux-6.1-amd64",
		"linux-6.12-vm-amd64":                             "linux-6.12-amd64",
		"linux-7.2-vm-amd64":                              "linux-7-amd64",
		"linux-6.12-debian-13-vm-amd64-userns-root":       "debian-13-amd64",
		"macos-26.1-vm-arm64":                             "macos-26-arm64",
		"macos-15.7-amd64-root":                           "macos-15-amd64",
		"windows-server-2025-24h2-vm-amd64-administrator": "windows-server-2025-amd64",
		"windows-11-25h2-vm-arm64-administrator":          "windows-11-arm64",
		"freebsd-15.1-vm-amd64-root":                      "freebsd-15-amd64",
		"dragonfly-6.4-vm-amd64":                          "dragonfly-6-amd64",
		"netbsd-10.1-vm-amd64-root":                       "netbsd-10-amd64",
		"netbsd-11.0-vm-amd64":                            "netbsd-11-amd64",
		"gvisor-20260905.0-amd64-root":                    "gvisor-2026-amd64",
		"wine-10.0-linux-6.18-amd64":                      "wine-10-amd64",
		"haiku-1-amd64":                                   "",
	} {
		var is []string
		for _, target := range targets(t) {
			if target.Is(platform) {
				is = append(is, target.ID)
			}
		}
		gomega.NewWithT(t).Expect(strings.Join(is, " ")).To(gomega.Equal(id), platform)
	}
}

func TestUnmeasured(t *testing.T) {
	g := gomega.NewWithT(t)
	all := targets(t)
	g.Expect(Unmeasured(all, nil)).To(gomega.HaveLen(len(all)))
	measured := []model.Column{{Platform: model.Platform{ID: "macos-26.1-vm-arm64-root"}}}
	left := Unmeasured(all, measured)
	g.Expect(left).To(gomega.HaveLen(len(all) - 1))
	g.Expect(left).NotTo(gomega.ContainElement(model.Wanted{Family: "macos", Title: "macOS 26"}))
	g.Expect(left).To(gomega.ContainElement(model.Wanted{Family: "macos", Title: "macOS 26, Intel"}))
}

// TestOneLineEach keeps the list readable: a difference shows whole targets.
func TestOneLineEach(t *testing.T) {
	for _, line := range slices.Collect(bytes.Lines(List)) {
		line = bytes.TrimRight(bytes.TrimSpace(line), ",")
		if bytes.HasPrefix(line, []byte(`{"id"`)) && !json.Valid(line) {
			t.Errorf("a target is not on a line of its own: %s", line)
		}
	}
}
