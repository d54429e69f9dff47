package model

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

func TestPlatformID(t *testing.T) {
	for _, c := range []struct{ os, version, environment, arch, want string }{
		{"linux", "6.12 Debian 13", "VM", "amd64", "linux-6.12-debian-13-vm-amd64"},
		{"Windows", "11 24H2", "host", "arm64", "windows-11-24h2-host-arm64"},
		{"FreeBSD", "15.0-RELEASE-p1", "", "amd64", "freebsd-15.0-release-p1-amd64"},
		{"linux", "../../etc/passwd", "\x1b[2J", "amd64", "linux-etc-passwd-2j-amd64"},
		{"linux", "6..12...x_", "-vm-", "amd64.", "linux-6-12-x-vm-amd64"},
		{"OS.X", "", "", "", "os-x-unknown"},
		{"9front", "", "", "arm", "os-9front-arm"},
		{"", "", "", "", "os-unknown"},
		{"Линукс", "6", "vm", "amd64", "os-6-vm-amd64"},
		{"linux", strings.Repeat("6.", 100), "vm", "amd64", ""},
	} {
		t.Run(c.os+" "+c.version, func(t *testing.T) {
			g := gomega.NewWithT(t)
			id := PlatformID(c.os, c.version, c.environment, c.arch)
			g.Expect(ValidPlatformID(id)).To(gomega.BeTrue(), id)
			if c.want != "" {
				g.Expect(id).To(gomega.Equal(c.want))
			}
		})
	}
}

func TestUnsafePlatformIDs(t *testing.T) {
	for _, id := range []string{"", "linux", "-linux-6", "linux-", "linux--6", "linux-6.", "linux-.6", "../linux-6", "linux/6-1", "linux-6\n", "LINUX-6",
		"linux-6..1", "con.x-1", "linux-" + strings.Repeat("6", maxPlatformID), "linux-ö"} {
		gomega.NewWithT(t).Expect(ValidPlatformID(id)).To(gomega.BeFalse(), id)
	}
}
