//go:build unix

package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

// TestTools makes sure that a pinned tool which wants a newer Go than the workflows install is
// named. What it wants is read by the go command from its go.mod; here a stub tells it.
func TestTools(t *testing.T) {
	for wants, fits := range map[string]bool{"1.24": true, "1.26.4": true, "1.26.8": true, "1.26.9": false, "1.26.10": false, "1.27": false} {
		g := gomega.NewWithT(t)
		dir := filepath.Join(t.TempDir(), "a b")
		script, err := os.ReadFile("../.ci/tools")
		g.Expect(err).NotTo(gomega.HaveOccurred())
		write(t, filepath.Join(dir, ".ci/tools"), string(script))
		write(t, filepath.Join(dir, "go.mod"), "module m\n\ngo 1.26.0\n\ntoolchain go1.26.8\n")
		write(t, filepath.Join(dir, "Makefile"), "TOOLS := build/tools\nA    := example.org/a/v2/cmd/a@v2.0.0\nLATE := example.org/late@v1.0.0\n")
		write(t, filepath.Join(dir, "bin/go"), "#!/bin/sh\nfor last; do :; done\ncase $last in\nexample.org/a/v2@v2.0.0) echo 1.20 ;;\nexample.org/late@v1.0.0) echo "+wants+" ;;\n*) exit 1 ;;\nesac\n")
		said, err := in(t, dir, []string{"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH")}, "bash", ".ci/tools")
		if fits {
			g.Expect(err).NotTo(gomega.HaveOccurred(), said)
			continue
		}
		g.Expect(err).To(gomega.HaveOccurred(), wants)
		g.Expect(said).To(gomega.ContainSubstring("example.org/late@v1.0.0 wants Go " + wants + ": raise it with go mod edit -toolchain=go" + wants))
	}
}

// TestToolchain makes sure that every workflow takes its Go from go.mod, and that go.mod says
// which.
func TestToolchain(t *testing.T) {
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../go.mod")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(b)).To(gomega.MatchRegexp(`(?m)^toolchain go1\.[0-9]+\.[0-9]+$`))
	workflows, err := filepath.Glob("../.github/workflows/*.yml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	found := 0
	for _, path := range workflows {
		b, err := os.ReadFile(path)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		uses := strings.Count(string(b), "uses: actions/setup-go@")
		found += uses
		g.Expect(regexp.MustCompile(`(?m)uses: actions/setup-go@.*\n\s+with:\n\s+go-version-file: go\.mod$`).FindAllString(string(b), -1)).To(gomega.HaveLen(uses), path)
	}
	g.Expect(found).To(gomega.BeNumerically(">", 0))
}
