package targets

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestKitThatIsNotAlone gives targets that hold nothing but the kit one that cgo has built, which
// asks for a loader.
func TestKitThatIsNotAlone(t *testing.T) {
	kits := Kits{Folder: t.TempDir()}
	kit := filepath.Join(kits.Folder, FileName("linux", "amd64"))
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", kit, "./testdata/cgokit")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1")
	if said, err := build.CombinedOutput(); err != nil {
		t.Logf("%s", said)
		unable.Skip(t, err) // there may be no compiler for C
	}
	for name, there := range map[string]Target{"kernel": debian(t, "6.12"), "runsc": sandboxes(t)[0]} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			unable.Skip(t, there.Missing(t.Context()))
			o := order(t, kits)
			returned, err := there.Measure(t.Context(), o)
			g.Expect(returned).To(gomega.BeEmpty())
			g.Expect(err).To(gomega.MatchError(errNotAlone))
			g.Expect(err).To(gomega.MatchError(gomega.HavePrefix("loopmatrix-linux-amd64: this kit is linked dynamically")))
			g.Expect(o.Log.(*syncBuffer).String()).NotTo(gomega.ContainSubstring("boot with"), "it is known before")
		})
	}
}

func TestAlone(t *testing.T) {
	g := gomega.NewWithT(t)
	script := filepath.Join(t.TempDir(), "script")
	g.Expect(alone(script)).To(gomega.MatchError(os.ErrNotExist))
	g.Expect(os.WriteFile(script, []byte("#!/bin/sh\n"), 0o600)).To(gomega.Succeed())
	g.Expect(alone(script)).To(gomega.Succeed())
	kit, err := kitsFor(t, "linux/amd64").For(t.Context(), "linux", "amd64")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(alone(kit)).To(gomega.Succeed())
}
