package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// aWine is this machine's Wine, or the one of `make wine`.
func aWine(t *testing.T) windowsLayer {
	t.Helper()
	made, err := filepath.Abs("../../build/wine")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := findWine(made); err == nil {
		return windowsLayer{made}
	}
	w := windowsLayer{}
	unable.Skip(t, w.Missing(t.Context()))
	return w
}

func TestWine(t *testing.T) {
	unable.Long(t, "it starts Wine")
	g := gomega.NewWithT(t)
	w := aWine(t)
	unable.Skip(t, w.Missing(t.Context()))
	o := order(t, kitsFor(t, "windows/amd64"))
	folder := temporary(t)
	returned, err := w.Measure(t.Context(), o)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	got := reports(t, returned)
	g.Expect(got).To(gomega.HaveLen(2))
	for user, r := range got {
		g.Expect(r.Platform.Family).To(gomega.Equal("wine"))
		g.Expect(r.Platform.Kernel).To(gomega.HavePrefix("Wine on Linux "))
		g.Expect(r.Platform.ID).To(gomega.MatchRegexp(`^wine-[0-9.]+-linux-[0-9.]+-amd64` + map[User]string{Root: "-root", Ordinary: ""}[user] + `$`))
		g.Expect(r.Platform.State.DefaultRoute.IPv4).NotTo(gomega.HaveValue(gomega.BeTrue()), "it has a network of its own")
	}
	nothingLeft(t, folder)
}

// TestWineThatHangs ends a run; the servers of Wine end with it.
func TestWineThatHangs(t *testing.T) {
	unable.Long(t, "it starts targets that hang")
	g := gomega.NewWithT(t)
	w := aWine(t)
	o := order(t, kitsFor(t, "windows/amd64"))
	o.Flags = append(o.Flags, "--repeat", "1000")
	o.Limits.Run, o.Users = 3e9, []User{Ordinary}
	folder := temporary(t)
	_, err := w.Measure(t.Context(), o)
	g.Expect(err).To(gomega.MatchError("as user: the run: it was not done within 3s"))
	nothingLeft(t, folder)
}

func TestWineVersion(t *testing.T) {
	for said, want := range map[string]string{
		"wine-10.0 (Debian 10.0~repack-6)\n": "", "wine-9.0\n": "", "wine-10.3-rc1\n": "",
		"wine-8.0 (Debian 8.0~repack-4)\n": "wine-8.0 (Debian 8.0~repack-4) is too old for programs of today's Go, which need Wine 9",
		"":                                 `wine --version can't be read: ""`, "it looks like wine32 is missing": `wine --version can't be read: "it looks like wine32 is missing"`,
	} {
		got := ""
		if _, err := readWineVersion(said); err != nil {
			got = strings.TrimSuffix(err.Error(), "; "+newerHint)
		}
		gomega.NewWithT(t).Expect(got).To(gomega.Equal(want))
	}
}

func TestWhereWineIs(t *testing.T) {
	g := gomega.NewWithT(t)
	folder := t.TempDir()
	_, err := windowsLayer{folder}.place()
	g.Expect(err).To(gomega.MatchError(gomega.HavePrefix("there is no Wine in " + folder)))
	program := filepath.Join(folder, "usr/bin/wine")
	g.Expect(os.MkdirAll(filepath.Dir(program), 0o755)).To(gomega.Succeed())
	g.Expect(os.WriteFile(program, nil, 0o755)).To(gomega.Succeed())
	g.Expect(windowsLayer{folder}.place()).To(gomega.Equal(placed{folder, "/usr/bin/wine"}))
	g.Expect(windowsLayer{program}.place()).To(gomega.Equal(placed{"/", program}))
	_, err = windowsLayer{folder + "/nothing"}.place()
	g.Expect(err).To(gomega.HaveOccurred())
}
