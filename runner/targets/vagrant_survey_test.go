package targets

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
	"github.com/loopmatrix/loopmatrix/vagrant"
)

func TestUnbootable(t *testing.T) {
	b := vagrant.Box{Box: "owner/name", Providers: []string{"libvirt", "virtualbox"}}
	lacks := func(have string) func(string) error {
		return func(name string) error {
			if name == have {
				return nil
			}
			return errors.New("it is not here")
		}
	}
	g := gomega.NewWithT(t)
	g.Expect(unbootable(b, lacks("libvirt"))).To(gomega.Succeed())
	g.Expect(unbootable(b, lacks("virtualbox"))).To(gomega.Succeed())
	g.Expect(unbootable(b, lacks("hyperv"))).To(gomega.MatchError("libvirt: it is not here; virtualbox: it is not here"))
	t.Setenv("VAGRANT_HOME", t.TempDir())
	b.Box = own + "debian-smoke"
	g.Expect(unbootable(b, lacks("libvirt"))).To(gomega.MatchError(gomega.ContainSubstring("make vagrant-smoke builds it")))
}

// TestProviders has Vagrant without any plugin.
func TestProviders(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	hyperv := "it is part of Windows"
	if runtime.GOOS == "windows" {
		hyperv = "there is no vmms"
	}
	for name, want := range map[string]string{
		"libvirt": "there is no plugin vagrant-libvirt", "utm": "there is no plugin vagrant_utm", "virtualbox": "there is no VBoxManage",
		"vmware_desktop": "there is no plugin vagrant-vmware-desktop", "hyperv": hyperv, "docker": "nothing is known of it",
	} {
		gomega.NewWithT(t).Expect(provider(t.Context(), name, nil)).To(gomega.MatchError(want))
	}
	boxes, err := vagrant.Boxes()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boxes {
		for _, name := range b.Providers {
			if err := provider(t.Context(), name, nil); err == nil || err.Error() == "nothing is known of it" {
				t.Errorf("%s: %s: %v", b.Name, name, err)
			}
		}
	}
}

func TestParseVagrantPlugins(t *testing.T) {
	said := "1,,ui,info,vagrant-libvirt (0.11.2%!(VAGRANT_COMMA) system)\n1,,plugin-name,vagrant-libvirt\n" +
		"1,vagrant-libvirt,plugin-version,0.11.2%!(VAGRANT_COMMA) system\r\n1,,plugin-name,vagrant_utm\r\n"
	gomega.NewWithT(t).Expect(parseVagrantPlugins(said)).To(gomega.Equal(map[string]bool{"vagrant-libvirt": true, "vagrant_utm": true}))
	gomega.NewWithT(t).Expect(parseVagrantPlugins("1,,ui,info,No plugins installed.\n")).To(gomega.BeEmpty())
}

// TestSurvey asks what there is here, and puts nothing into Vagrant's mouth when there is no
// Vagrant.
func TestSurvey(t *testing.T) {
	unable.Long(t, "it starts Vagrant")
	t.Run("with Vagrant", func(t *testing.T) {
		_, err := vagrantPlugins(t.Context())
		unable.Skip(t, err)
		began := time.Now()
		gomega.NewWithT(t).Expect(surveyBoxes(t.Context())).To(gomega.HaveLen(len(boxNames())))
		t.Logf("it took %s", time.Since(began))
	})
	t.Run("without", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		for name, err := range surveyBoxes(t.Context()) {
			gomega.NewWithT(t).Expect(err).To(gomega.MatchError(gomega.ContainSubstring(`"vagrant"`)), name)
		}
	})
}
