package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

// documents is where `make documents` has the manual and the completions written. What writes them
// is a test, so that the kit itself need not carry it.
var documents = flag.String("documents", "", "write the manual and the completions into this folder")

// document writes one manual page for each command into DIR/man, and what four shells complete into
// DIR/completions.
func document(root *cobra.Command, dir string) error {
	man, completions := filepath.Join(dir, "man"), filepath.Join(dir, "completions")
	for _, d := range []string{man, completions} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	root.DisableAutoGenTag = true // it would name the day
	root.InitDefaultCompletionCmd()
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "loopmatrix", Manual: "loopmatrix"}, man); err != nil {
		return err
	}
	for name, write := range map[string]func(path string) error{
		"loopmatrix.bash": func(path string) error { return root.GenBashCompletionFileV2(path, true) },
		"_loopmatrix":     root.GenZshCompletionFile,
		"loopmatrix.fish": func(path string) error { return root.GenFishCompletionFile(path, true) },
		"loopmatrix.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := write(filepath.Join(completions, name)); err != nil {
			return err
		}
	}
	return nil
}

// TestDocuments makes sure that every command has a page, which tells its flags, and that every
// shell has its completions.
func TestDocuments(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := *documents
	if dir == "" {
		dir = t.TempDir()
		t.Setenv("SOURCE_DATE_EPOCH", "1790000000")
	}
	g.Expect(document(command(), dir)).To(gomega.Succeed())
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		return strings.ReplaceAll(string(b), `\-`, "-") // as a manual page writes a minus
	}
	pages := map[string]bool{"loopmatrix.1": true}
	for _, c := range command().Commands() {
		page := "loopmatrix-" + c.Name() + ".1"
		pages[page] = true
		content := read("man/" + page)
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			g.Expect(content).To(gomega.ContainSubstring("--"+f.Name), page)
		})
		g.Expect(read("man/loopmatrix.1")).To(gomega.ContainSubstring("loopmatrix-" + c.Name()))
	}
	there, err := os.ReadDir(filepath.Join(dir, "man"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(len(there)).To(gomega.BeNumerically(">=", len(pages)))
	for _, f := range there {
		content := read("man/" + f.Name())
		g.Expect(content).To(gomega.ContainSubstring(`.TH "LOOPMATRIX`), f.Name())
		g.Expect(content).NotTo(gomega.ContainSubstring(os.TempDir()), f.Name())
		if *documents == "" {
			g.Expect(content).To(gomega.ContainSubstring(`"Sep 2026"`), f.Name())
		}
	}
	for name, word := range map[string]string{"loopmatrix.bash": "complete -o", "_loopmatrix": "#compdef loopmatrix", "loopmatrix.fish": "complete -c loopmatrix", "loopmatrix.ps1": "Register-ArgumentCompleter"} {
		g.Expect(read("completions/" + name)).To(gomega.ContainSubstring(word))
	}
}
