//go:build unix

// Package release holds what a release is made of beside the binaries: the container image, and the
// steps of action.yml. Its tests are those of the Makefile and its scripts as well.
package release

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// tree is a copy of what a build is made by, without the sources, in a folder whose name has a
// space. It is no repository.
func tree(t *testing.T) string {
	t.Helper()
	_, err := exec.LookPath("make")
	unable.Skip(t, err)
	dir := filepath.Join(t.TempDir(), "a b")
	for _, name := range []string{"Makefile", "go.mod", ".gitattributes", ".ci/version", ".ci/archive", ".ci/go", ".ci/test", ".ci/cross"} {
		b, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(b))
	}
	return dir
}

// write makes a file that can be run, and its folder.
func write(t *testing.T, path, content string) {
	t.Helper()
	g := gomega.NewWithT(t)
	g.Expect(os.MkdirAll(filepath.Dir(path), 0o755)).To(gomega.Succeed())
	g.Expect(os.WriteFile(path, []byte(content), 0o755)).To(gomega.Succeed())
}

// in runs a command in a folder, with nothing of this repository in its environment, and gives what
// it said.
func in(t *testing.T, dir string, env []string, name string, args ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = dir
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "GIT_") && !strings.HasPrefix(e, "MAKE") && !strings.HasPrefix(e, "GOFLAGS=") {
			c.Env = append(c.Env, e)
		}
	}
	c.Env = append(append(c.Env, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@example.org", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null"), env...)
	said, err := c.CombinedOutput()
	return strings.TrimSpace(string(said)), err
}

// must is in for what has to succeed.
func must(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	said, err := in(t, dir, env, name, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, said)
	}
	return said
}

// commit makes a folder a repository with one commit, under a tag.
func commit(t *testing.T, dir, tag string) string {
	t.Helper()
	_, err := exec.LookPath("git")
	unable.Skip(t, err)
	must(t, dir, nil, "git", "init", "-q")
	must(t, dir, nil, "git", "add", "-A")
	must(t, dir, nil, "git", "commit", "-q", "-m", "one")
	must(t, dir, nil, "git", "tag", tag)
	return must(t, dir, nil, "git", "rev-parse", "HEAD")
}

// TestVersion makes sure that version and commit are those of the tree, and of no repository around
// it.
func TestVersion(t *testing.T) {
	const whole = "0123456789abcdef0123456789abcdef01234567"
	archive := func(describe string) string { return "about\ndescribe " + describe + "\ncommit " + whole + "\n" }
	unpacked := func(describe string) func(*testing.T, string) (string, []string) {
		return func(t *testing.T, dir string) (string, []string) {
			write(t, filepath.Join(dir, ".ci/archive"), archive(describe))
			return map[bool]string{true: "v1.2.3", false: "0123456"}[describe == "v1.2.3"] + " " + whole, nil
		}
	}
	for name, prepare := range map[string]func(t *testing.T, dir string) (string, []string){
		"a clone": func(t *testing.T, dir string) (string, []string) { return "v1.0.0 " + commit(t, dir, "v1.0.0"), nil },
		"a changed clone": func(t *testing.T, dir string) (string, []string) {
			head := commit(t, dir, "v1.0.0")
			write(t, filepath.Join(dir, "go.mod"), "module changed\n\ngo 1.26.0\n")
			return "v1.0.0-dirty " + head, nil
		},
		"a clone of another user": func(t *testing.T, dir string) (string, []string) {
			return "v1.0.0 " + commit(t, dir, "v1.0.0"), []string{"GIT_TEST_ASSUME_DIFFERENT_OWNER=1"}
		},
		"a clone, and the environment names another repository": func(t *testing.T, dir string) (string, []string) {
			other := t.TempDir()
			write(t, filepath.Join(other, "file"), "")
			commit(t, other, "v9.9.9")
			return "v1.0.0 " + commit(t, dir, "v1.0.0"), []string{"GIT_DIR=" + filepath.Join(other, ".git"), "VERSION=v8.8.8", "COMMIT=8"}
		},
		"an archive":                              unpacked("v1.2.3"),
		"an archive before the first tag":         unpacked(""),
		"an archive by a git that can't describe": unpacked("%(describe:tags=true)"),
		"an archive in another repository": func(t *testing.T, dir string) (string, []string) {
			want, env := unpacked("v1.2.3")(t, dir)
			commit(t, filepath.Dir(dir), "v9.9.9")
			return want, env
		},
		"a copy in another repository": func(t *testing.T, dir string) (string, []string) {
			commit(t, filepath.Dir(dir), "v9.9.9")
			return "unknown unknown", nil
		},
		"a clone that git can't read": func(t *testing.T, dir string) (string, []string) {
			commit(t, dir, "v1.0.0")
			write(t, filepath.Join(dir, ".git/HEAD"), "nothing\n")
			return "unknown unknown", nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t)
			want, env := prepare(t, dir)
			said := must(t, dir, env, ".ci/version")
			lines := strings.Split(said, "\n")
			g := gomega.NewWithT(t)
			g.Expect(lines[len(lines)-1]).To(gomega.Equal(want))
			g.Expect(strings.Contains(said, "the version of this kit is unknown: ")).To(gomega.Equal(want == "unknown unknown"), said)
			// The linker gets the same, and go does not ask git.
			version, head, _ := strings.Cut(want, " ")
			g.Expect(must(t, dir, env, "make", "-n", "build")).To(gomega.ContainSubstring(
				"-buildvcs=false -ldflags '-s -w -X main.version=" + version + " -X main.commit=" + head + "'"))
		})
	}
}

// TestArchive makes sure that what git archive makes of a clone carries its version.
func TestArchive(t *testing.T) {
	dir := tree(t)
	head := commit(t, dir, "v1.0.0")
	must(t, dir, nil, "sh", "-c", "mkdir ../out && git archive HEAD | tar -x -C ../out")
	gomega.NewWithT(t).Expect(must(t, filepath.Join(dir, "../out"), nil, ".ci/version")).To(gomega.Equal("v1.0.0 " + head))
}

// TestGo makes sure that make says which Go is needed, before an older one says something else.
func TestGo(t *testing.T) {
	for name, c := range map[string]struct {
		said string
		ok   bool
	}{
		"Debian 12":       {"go version go1.19.8 linux/amd64", false},
		"one before":      {"go version go1.25.9 linux/amd64", false},
		"a candidate":     {"go version go1.26rc1 linux/amd64", true},
		"the first":       {"go version go1.26.0 linux/amd64", true},
		"a later":         {"go version go1.30 linux/amd64", true},
		"another big one": {"go version go2.0.1 linux/amd64", true},
		"no release":      {"go version devel go1.27-abcdef linux/amd64", true},
		"none":            {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			dir := tree(t)
			stub := "#!/bin/sh\n[ \"$1\" = version ] && echo '" + c.said + "'\n[ -n '" + c.said + "' ]\n"
			write(t, filepath.Join(dir, "bin/go"), stub)
			env := []string{"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH")}
			for _, target := range []string{"build", "test", "cross", "release-tools"} {
				said, err := in(t, dir, env, "make", target)
				if c.ok {
					g.Expect(said).NotTo(gomega.ContainSubstring("loopmatrix needs Go"))
					continue
				}
				g.Expect(err).To(gomega.HaveOccurred())
				g.Expect(said).To(gomega.And(gomega.ContainSubstring("loopmatrix needs Go 1.26.0 or newer"),
					gomega.ContainSubstring("https://go.dev/dl"), gomega.ContainSubstring("golang.org/dl/go1."), gomega.ContainSubstring("packages")))
			}
		})
	}
}

// TestSpace makes sure that tools are installed and started in a folder whose name has a space.
func TestSpace(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := tree(t)
	// This go is new enough, and installs what it is asked for as a program that tells how it was
	// started.
	write(t, filepath.Join(dir, "bin/go"), `#!/bin/sh
case $1 in
version) echo go version go1.99.0 linux/amd64 ;;
install)
	name=${2%@*} name=${name##*/}
	[ "$name" != v2 ] || name=goreleaser
	mkdir -p "$GOBIN"
	printf '#!/bin/sh\necho "%s $1, syft is $(command -v syft)"\n' "$name" >"$GOBIN/$name"
	chmod 755 "$GOBIN/$name"
	;;
esac
`)
	env := []string{"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH")}
	must(t, dir, env, "make", "lint-tools", "release-tools")
	for _, tool := range []string{"golangci-lint", "actionlint", "goreleaser", "syft"} {
		g.Expect(filepath.Join(dir, "build/tools", tool)).To(gomega.BeARegularFile())
	}
	g.Expect(must(t, dir, env, "make", "release-check")).To(gomega.ContainSubstring(
		"goreleaser release, syft is " + filepath.Join(dir, "build/tools/syft")))
}

// TestLimit makes sure that the one number in the Makefile is what a binary is measured by.
func TestLimit(t *testing.T) {
	dir := tree(t)
	// This go makes every program 1,500,000 bytes large.
	write(t, filepath.Join(dir, "bin/go"), `#!/bin/sh
[ "$1" != version ] || echo go version go1.99.0 linux/amd64
[ "$1" = build ] || exit 0
while [ "$1" != -o ]; do shift; done
head -c 1500000 /dev/zero >"$2"
`)
	env := []string{"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH")}
	g := gomega.NewWithT(t)
	said, err := in(t, dir, env, "make", "cross", "PLATFORMS=linux/amd64", "MAX_BINARY_MB=1")
	g.Expect(err).To(gomega.HaveOccurred())
	g.Expect(said).To(gomega.ContainSubstring("build/cross/loopmatrix-linux-amd64 is larger than 1 MB"))
	g.Expect(must(t, dir, env, "make", "cross", "PLATFORMS=linux/amd64")).To(gomega.ContainSubstring("1.5 MB"))
	for _, name := range []string{"../Makefile", "../.ci/cross"} {
		b, err := os.ReadFile(name)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(regexp.MustCompile(`MAX_BINARY_MB +:= [0-9]+`).ReplaceAllString(string(b), "")).NotTo(gomega.MatchRegexp(`\b2[0-9] MB`), name)
	}
}

// TestNothingIsStamped makes sure that whatever is built here keeps the go command from asking git,
// which fails in a checkout of another user. Where the version matters, the Makefile tells it.
func TestNothingIsStamped(t *testing.T) {
	g := gomega.NewWithT(t)
	builds := regexp.MustCompile(`"go", "(build|install)"|(^|[\s;&|(])go (build|install) `)
	found := 0
	g.Expect(filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{"../.git", "../build", "../bin", "../dist", "../vendor", "../reports/published"}, path) {
				return fs.SkipDir
			}
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !strings.HasSuffix(path, ".go") && !strings.HasPrefix(string(b), "#!") && filepath.Base(path) != "Makefile" {
			return nil
		}
		for i, line := range strings.Split(string(b), "\n") {
			code := strings.TrimSpace(line)
			if !builds.MatchString(code) || strings.HasPrefix(code, "//") || strings.HasPrefix(code, "#") || path == "../release/build_test.go" {
				continue
			}
			found++
			// A module that is named with its version has no checkout.
			g.Expect(code).To(gomega.Or(gomega.ContainSubstring("-buildvcs=false"), gomega.MatchRegexp(`install (-\w+ )?("?\$|\S+@)`)), "%s:%d", path, i+1)
		}
		return nil
	})).To(gomega.Succeed())
	g.Expect(found).To(gomega.BeNumerically(">", 5))
}

// TestModule makes sure that wherever this repository is named, it is by the path of the module:
// who changes one changes all.
func TestModule(t *testing.T) {
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../go.mod")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	module := regexp.MustCompile(`(?m)^module (\S+)$`).FindStringSubmatch(string(b))[1]
	g.Expect(module).To(gomega.HavePrefix("github.com/"))
	name := module[strings.LastIndex(module, "/")+1:]
	named := regexp.MustCompile(`github\.com/[\w-]+/` + name + `\b|(?:repo |uses: |home=)[\w-]+/` + name + `\b`)
	for _, path := range []string{"../README.md", "../HANDBOOK.md", "../.goreleaser.yaml", "../action.yml", "../release/action/install", "../.github/workflows/release.yml",
		"../reports/site/templates/index.html", "../reports/site/templates/parts.html", "../reports/schema/report.schema.json", "../runner/loopmatrix/targetflags.go"} {
		b, err := os.ReadFile(path)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		found := named.FindAllString(string(b), -1)
		g.Expect(found).NotTo(gomega.BeEmpty(), path)
		for _, f := range found {
			g.Expect(module).To(gomega.HaveSuffix(f[strings.LastIndexAny(f, " =")+1:]), path)
		}
	}
}

// TestNoYAML makes sure that nothing of the kit brings a YAML library into the binary, which is 1.1
// MB for a list that JSON holds as well. gomega brings a smaller one for its own matcher, 0.2 MB,
// which no package of ours can leave out.
func TestNoYAML(t *testing.T) {
	g := gomega.NewWithT(t)
	list := must(t, "..", nil, "go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}}: {{join .Imports " "}}{{end}}`, "./runner/loopmatrix")
	g.Expect(list).To(gomega.ContainSubstring("/vagrant: "))
	for line := range strings.Lines(list) {
		path, imports, _ := strings.Cut(line, ": ")
		if path != "github.com/onsi/gomega/matchers" && !strings.Contains(path, "yaml") {
			g.Expect(imports).NotTo(gomega.ContainSubstring("yaml"), path)
		}
	}
}

// TestBudgets makes sure that a step which takes longer than its budget fails the whole, once all
// steps were measured, and one that fails ends it.
func TestBudgets(t *testing.T) {
	for name, c := range map[string]struct {
		steps, said string
		fails       bool
	}{
		"all in time":        {"step one 900 takes 500; step two - takes 5000; budgets", `one +5\d\d s of 900\ntwo +5\d\d\d s of -\ntogether +\d+ s$`, false},
		"one is late":        {"step one 900 takes 1000; step two 900 takes 500; budgets", `one +1\d\d\d s of 900\ntwo +5\d\d s of 900\ntogether +\d+ s\nover the budget: one$`, true},
		"a slower machine":   {"SLOWER=2; step one 900 takes 1000; budgets", `one +1\d\d\d s of 1800\n`, false},
		"the first one ends": {"step one 10 false; step two 10 takes 5; budgets", `^== one$`, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			_, err := exec.LookPath("bash")
			unable.Skip(t, err)
			said, err := in(t, "..", nil, "bash", "-c", "set -euo pipefail; . .ci/steps; takes() { SECONDS=$((SECONDS + $1)); }; "+c.steps)
			g.Expect(err != nil).To(gomega.Equal(c.fails), said)
			g.Expect(said).To(gomega.MatchRegexp(c.said))
		})
	}
}
