package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"
)

// TestNowhereToWrite names files that can't be written: nothing is measured for them, and nothing
// changes.
func TestNowhereToWrite(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	g.Expect(os.WriteFile(file, []byte("good"), 0o600)).To(gomega.Succeed())
	g.Expect(os.Mkdir(filepath.Join(dir, "folder"), 0o700)).To(gomega.Succeed())
	before := state(t, dir)
	missing := filepath.Join(dir, "missing", "r.json")
	for _, flag := range []string{"--out", "--junit", "--tap"} {
		refused(t, exitUsage, []string{flag + ": " + missing + ": there is no folder " + filepath.Dir(missing) + "; make it first"},
			"run", flag, missing)
		refused(t, exitUsage, []string{flag + ": " + filepath.Join(file, "r.json") + ": it can't be written"},
			"run", flag, filepath.Join(file, "r.json"))
	}
	refused(t, exitUsage, []string{"--junit: " + filepath.Join(dir, "folder") + ": it is a directory; name a file in it"},
		"run", "--junit", filepath.Join(dir, "folder"))
	refused(t, exitUsage, []string{"--pcap: " + file}, "run", "--pcap", file)
	refused(t, exitUsage, []string{missing + ": there is no folder"}, "matrix", "--out", missing)
	g.Expect(state(t, dir)).To(gomega.Equal(before))
}
