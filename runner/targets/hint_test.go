package targets

import (
	"errors"
	"testing"

	"github.com/onsi/gomega"
)

func TestMadeOfDebian(t *testing.T) {
	for release, want := range map[string]bool{
		"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n":        true,
		"ID=ubuntu\nID_LIKE=debian\n":                                        true,
		"ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n":                          true,
		"ID=fedora\nHOME_URL=\"https://fedoraproject.org/\"\n":               false,
		"ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nNAME=\"debian\"\n": false,
		"": false,
	} {
		gomega.NewWithT(t).Expect(madeOfDebian(release)).To(gomega.Equal(want), release)
	}
}

// TestHints wants no package or tool of Debian named anywhere else.
func TestHints(t *testing.T) {
	g := gomega.NewWithT(t)
	lacks := errors.New("there is no ssh")
	g.Expect(hinted(lacks, "Debian has it in openssh-client", true)).To(gomega.MatchError("there is no ssh; Debian has it in openssh-client"))
	g.Expect(hinted(lacks, "Debian has it in openssh-client", false)).To(gomega.MatchError("there is no ssh"))
}
