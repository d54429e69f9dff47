package targets

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestHowIsTold makes sure that a report tells how it came about, whatever the target.
func TestHowIsTold(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(surroundings()).To(gomega.HavePrefix("this machine, in "))
	unable.Skip(t, noQEMU(t.Context()))
	g.Expect(places(surroundings())).To(gomega.BeEmpty())
	told, err := how(t.Context(), io.Discard, emulation())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(told).To(gomega.MatchRegexp(`^QEMU [0-9.]+ with TCG, 512 MiB, `))
	g.Expect(places(told)).To(gomega.BeEmpty())
}

// place is a path, or a user at a host. A slash within a word is none: "cloud-image/debian-13" is
// the name of a box.
var place = regexp.MustCompile(`(^|[^A-Za-z0-9._-])~?/\S*|\S*\\\S*|\S+@\S+`)

// places are the words of a report that tell where something lies on this machine.
func places(text string) []string { return place.FindAllString(text, -1) }

func TestPlaces(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, harmless := range []string{"Vagrant 2.3.4 with libvirt, box cloud-image/debian-13", "wine-10.0 (Debian 10.0~repack-6), in a network of its own",
		"runsc 20260905.0, platform systrap, network none (gVisor's own stack with lo only)"} {
		g.Expect(places(harmless)).To(gomega.BeEmpty())
	}
	for _, telling := range []string{"/usr/bin/qemu", "from build in /home/me", "(/opt/wine)", `at C:\\Users\\me`, "as me@there", "box file:///home/me/a.box", "in ~/boxes"} {
		g.Expect(places(telling)).NotTo(gomega.BeEmpty(), telling)
	}
}

// TestHowNamesNoPlace has tools that name paths of this machine beside their versions, as warnings
// of wrappers and plugins do.
func TestHowNamesNoPlace(t *testing.T) {
	const warns = "/home/me/.gem/a.rb:1: warning: old\n"
	t.Run("Vagrant", func(t *testing.T) {
		g := gomega.NewWithT(t)
		fakeVagrant(t, map[string]string{"--version": `printf '` + warns + `Vagrant 2.3.4 (/opt/vagrant)\n'`})
		m, err := someBox(t).(box).machine()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		state, err := m.state(t.Context(), order(t, Kits{}))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(state.version).To(gomega.Equal("Vagrant 2.3.4"))
	})
	t.Run("Wine", func(t *testing.T) {
		g := gomega.NewWithT(t)
		g.Expect(readWineVersion("/home/me/wrapper: old\nwine-10.0 (Debian 10.0~repack-6)\n")).To(gomega.Equal("wine-10.0 (Debian 10.0~repack-6)"))
		g.Expect(readWineVersion("wine-10.0 /home/me/wine\n")).To(gomega.Equal("wine-10.0"))
	})
	t.Run("runsc", func(t *testing.T) {
		runsScripts(t)
		g := gomega.NewWithT(t)
		folder := temporary(t)
		runsc := filepath.Join(folder, "runsc")
		g.Expect(os.WriteFile(runsc, []byte("#!/bin/sh\necho /home/me/runsc is old\necho runsc version release-20260905.0-1\necho spec: /home/me\n"), 0o755)).To(gomega.Succeed())
		told, err := releaseOf(t.Context(), runsc, order(t, Kits{}))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(places(told)).To(gomega.BeEmpty())
	})
	t.Run("QEMU", func(t *testing.T) {
		runsScripts(t)
		g := gomega.NewWithT(t)
		folder := temporary(t)
		script := "#!/bin/sh\necho /home/me/qemu is old\necho 'QEMU emulator version 7.2.22 (/home/me/qemu)'\n"
		g.Expect(os.WriteFile(filepath.Join(folder, qemu), []byte(script), 0o755)).To(gomega.Succeed())
		t.Setenv("PATH", folder+string(filepath.ListSeparator)+os.Getenv("PATH"))
		told, err := how(t.Context(), io.Discard, emulation())
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(told).To(gomega.HavePrefix("QEMU 7.2.22 with TCG"))
		g.Expect(places(told)).To(gomega.BeEmpty())
	})
}
