package compare

import (
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// platformOf makes a platform with this id and these facts.
func platformOf(id, family, environment, user, version string) model.Platform {
	return model.Platform{ID: id, Family: family, Environment: environment, Version: version, Arch: "amd64", State: model.State{User: user}}
}

func TestNearest(t *testing.T) {
	var columns []model.Column
	for i, p := range []model.Platform{
		platformOf("gvisor-20221219.0-amd64", "gvisor", "gvisor", "ordinary", "20221219.0"),
		platformOf("gvisor-20260905-amd64", "gvisor", "gvisor", "ordinary", "20260905"),
		platformOf("linux-5.10-vm-amd64", "linux", "vm", "ordinary", ""),
		platformOf("linux-6.1-debian-12-vm-amd64", "linux", "vm", "ordinary", "Debian 12.11"),
		platformOf("linux-6.1-debian-12-vm-amd64-root", "linux", "vm", "root", "Debian 12.11"),
		platformOf("linux-6.1-vm-amd64", "linux", "vm", "ordinary", ""),
		platformOf("linux-6.12-container-amd64-root", "linux", "container", "root", ""),
		platformOf("linux-6.12-vm-amd64", "linux", "vm", "ordinary", ""),
		platformOf("linux-6.12-vm-amd64-root", "linux", "vm", "root", ""),
		platformOf("linux-8.0-vm-amd64", "linux", "vm", "ordinary", ""),
		platformOf("linux-8.4-vm-amd64", "linux", "vm", "ordinary", ""),
		platformOf("wine-10.0-linux-6.18-amd64", "wine", "wine", "ordinary", "10.0"),
		platformOf("windows-11-24h2-amd64", "windows", "host", "ordinary", "Windows 11 Pro 24H2"),
		platformOf("windows-server-2025-amd64", "windows", "vm", "administrator", "Windows Server 2025"),
	} {
		columns = append(columns, model.Column{Platform: p, Measured: time.Unix(int64(i), 0)})
	}
	for name, c := range map[string]struct {
		here model.Platform
		want string
		why  string
	}{
		"itself": {platformOf("linux-6.12-vm-amd64", "linux", "vm", "ordinary", ""), "linux-6.12-vm-amd64", "the same platform"},
		"the release counts more than environment and user": {platformOf("linux-6.1-container-amd64-root", "linux", "container", "root", "Alpine 3.20"),
			"linux-6.1-debian-12-vm-amd64-root", "same family, release, user, architecture; environment vm, here container; system Debian 12.11, here Alpine 3.20"},
		"the environment counts more than the user": {platformOf("linux-6.12-vm-amd64-administrator", "linux", "container", "ordinary", ""),
			"linux-6.12-container-amd64-root", "same family, release, environment, system, architecture; user root, here ordinary"},
		"the user": {platformOf("linux-6.11-ubuntu-24.10-vm-amd64-root", "linux", "vm", "root", "Ubuntu 24.10"), "linux-6.12-vm-amd64-root",
			"same family, environment, user, architecture; release 6.12, here 6.11; system unknown, here Ubuntu 24.10"},
		"the distribution": {platformOf("linux-6.1-debian-12-host-amd64", "linux", "vm", "ordinary", "Debian 12.11"), "linux-6.1-debian-12-vm-amd64",
			"same family, release, environment, user, system, architecture"},
		"the last of the major number before": {platformOf("linux-7.0-vm-amd64", "linux", "vm", "ordinary", ""), "linux-6.12-vm-amd64",
			"same family, environment, user, system, architecture; release 6.12, here 7.0"},
		"the first of the major number after": {platformOf("linux-9.0-vm-amd64", "linux", "vm", "ordinary", ""), "linux-8.4-vm-amd64",
			"same family, environment, user, system, architecture; release 8.4, here 9.0"},
		"not another family with the number": {platformOf("wine-9.0-linux-6.12-amd64", "wine", "wine", "ordinary", "9.0"), "wine-10.0-linux-6.18-amd64",
			"same family, environment, user, architecture; release 10.0, here 9.0; system 10.0, here 9.0"},
		"a release of one number": {platformOf("windows-10-22h2-amd64", "windows", "vm", "ordinary", "Windows 10"), "windows-11-24h2-amd64",
			"same family, user, architecture; release 11, here 10; environment host, here vm; system Windows 11 Pro 24H2, here Windows 10"},
		"no number": {platformOf("windows-unknown-amd64", "windows", "host", "ordinary", "Windows"), "windows-11-24h2-amd64",
			"same family, environment, user, architecture; release 11, here unknown; system Windows 11 Pro 24H2, here Windows"},
		"the first system of its kind": {platformOf("haiku-1-amd64", "haiku", "host", "ordinary", "R1"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			got, why, found := Nearest(c.here, columns)
			g.Expect(found).To(gomega.Equal(c.want != ""))
			g.Expect(got.ID).To(gomega.Equal(c.want))
			g.Expect(why).To(gomega.Equal(c.why))
		})
	}
}
