package site

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// names lists what is in a folder, hidden files included.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWrite(t *testing.T) {
	g := gomega.NewWithT(t)
	parent := t.TempDir()
	dir := filepath.Join(parent, "site")
	first := []File{{"index.html", []byte("1")}, {"claims/v4.a.html", []byte("a")}, {"claims/v4.b.html", []byte("b")}}
	g.Expect(Write(dir, first)).To(gomega.Succeed())
	g.Expect(names(t, filepath.Join(dir, "claims"))).To(gomega.Equal([]string{"v4.a.html", "v4.b.html"}))

	g.Expect(Write(dir+string(filepath.Separator), first[:2])).To(gomega.Succeed())
	g.Expect(names(t, filepath.Join(dir, "claims"))).To(gomega.Equal([]string{"v4.a.html"}), "a claim that is gone has no page")
	g.Expect(names(t, parent)).To(gomega.Equal([]string{"site"}), "nothing stays beside it")

	for _, path := range []string{"../index.html", "/index.html", "claims/../../x", "other.html"} {
		g.Expect(Write(dir, []File{{"index.html", []byte("2")}, {path, nil}})).NotTo(gomega.Succeed(), path)
	}
	g.Expect(os.ReadFile(filepath.Join(dir, "index.html"))).To(gomega.Equal([]byte("1")), "the old site stays whole when the new one fails")
	g.Expect(names(t, parent)).To(gomega.Equal([]string{"site"}))

	g.Expect(os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600)).To(gomega.Succeed())
	for _, err := range []error{Writable(dir), Write(dir, first)} {
		g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("thesis.txt")))
	}
	g.Expect(names(t, dir)).To(gomega.ContainElement("thesis.txt"))
	g.Expect(Writable(filepath.Join(parent, "no", "site"))).To(gomega.MatchError(gomega.ContainSubstring("make it first")))
	g.Expect(Writable(filepath.Join(dir, "thesis.txt"))).To(gomega.MatchError(gomega.HaveSuffix("is no folder")))
}

func TestWriteFollowsALink(t *testing.T) {
	g := gomega.NewWithT(t)
	parent := t.TempDir()
	g.Expect(os.Mkdir(filepath.Join(parent, "v1"), 0o755)).To(gomega.Succeed())
	err := os.Symlink("v1", filepath.Join(parent, "site")) // Windows lets only the privileged make them
	if err == nil {
		_, err = os.Readlink(filepath.Join(parent, "site")) // what Wine makes can't be read
	}
	unable.Skip(t, err)
	g.Expect(Write(filepath.Join(parent, "site"), []File{{"index.html", []byte("1")}})).To(gomega.Succeed())
	g.Expect(os.ReadFile(filepath.Join(parent, "v1", "index.html"))).To(gomega.Equal([]byte("1")))
	g.Expect(names(t, parent)).To(gomega.Equal([]string{"site", "v1"}))
}
