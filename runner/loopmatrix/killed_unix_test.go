//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestKilledSweep kills a run (SIGKILL) while it sweeps, and goes on with what it has kept.
func TestKilledSweep(t *testing.T) {
	unable.Long(t, "it sweeps")
	g := gomega.NewWithT(t)
	folder := filepath.Join(t.TempDir(), "new") + string(os.PathSeparator)
	c := prepared("run", "--quiet", "--wire", "off", "--claims", "v4.addr1.delivery", "--sweep", "tcp=127.64.0.0/13,bind=127.3.0.0/20", "--out", folder)
	g.Expect(c.Start()).To(gomega.Succeed())
	var kept model.Report
	path := ""
	g.Eventually(func() (int, error) {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(files) != 1 {
			return 0, err
		}
		path = files[0]
		kept, err = model.ReadChecked(path, claim.Catalogue()) // whole and valid, whenever it is read
		if err != nil {
			return 0, err
		}
		return kept.Sweeps[0].Addresses, nil
	}).WithTimeout(time.Minute).Should(gomega.BeNumerically(">", 0))
	g.Expect(c.Process.Kill()).To(gomega.Succeed())
	_ = c.Wait()
	g.Expect(kept.Sweeps).To(gomega.HaveLen(2))
	g.Expect(kept.Sweeps[0].Left).NotTo(gomega.BeEmpty())
	g.Expect(kept.Sweeps[1].Left).To(gomega.Equal([]string{"127.3.0.0/20"}))
	r := loopmatrix(t, "run", "--quiet", "--wire", "off", "--resume", path, "--out", path)
	g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
	whole := partial(t, path)
	g.Expect(whole.Run.ID).To(gomega.Equal(kept.Run.ID))
	g.Expect([]int{whole.Sweeps[0].Addresses, whole.Sweeps[1].Addresses}).To(gomega.Equal([]int{1 << 19, 1 << 12}))
	g.Expect(whole.Sweeps[0].Seconds).To(gomega.BeNumerically(">", kept.Sweeps[0].Seconds))
}

// TestOutFolder: a name with a slash at its end is a folder, which is made before anything is
// measured, or else the run ends.
func TestOutFolder(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	r := loopmatrix(t, "run", "--quiet", "--claims", "none", "--out", filepath.Join(dir, "a", "b")+"/")
	g.Expect(r.code).To(gomega.Equal(exitFine), r.stderr)
	g.Expect(filepath.Glob(filepath.Join(dir, "a", "b", "*.json"))).To(gomega.HaveLen(1))
	g.Expect(os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)).To(gomega.Succeed())
	refused(t, exitUsage, []string{"--out: " + filepath.Join(dir, "file")}, "run", "--quiet", "--claims", "none", "--out", filepath.Join(dir, "file")+"/")
	refused(t, exitUsage, []string{"--out: ", "there is no folder"}, "run", "--quiet", "--claims", "none", "--out", filepath.Join(dir, "c", "r.json"))
	_, err := os.Stat(filepath.Join(dir, "c"))
	g.Expect(errors.Is(err, fs.ErrNotExist)).To(gomega.BeTrue())
}
