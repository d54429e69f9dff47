package platforms

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

// kit stands in for loopmatrix: it refuses what holds the word "bad", or "captured" with no capture
// beside it, makes a matrix and a page of the names of the reports, and says that nothing changed
// unless $CHANGED is another exit code.
const kit = `#!/bin/sh
command=$1
shift
case $command in
check)
	for report in $(grep -l captured "$@"); do
		[ -e "${report%.json}.pcapng" ] || exit 2
	done
	! grep -l bad "$@" >&2 ;;
compare) echo "compared"; exit ${CHANGED:-0} ;;
matrix)
	while [ $# -gt 1 ]; do
		case $1 in --out) out=$2 ;; --format) format=$2 ;; --older) older=$(ls "$2" | tr '\n' ' ') ;; esac
		shift
	done
	[ "$format" != older ] || { echo "${OLDER:-}"; exit; }
	names=$(ls "$1" | tr '\n' ' ')
	case ${out:-} in
	'') echo "table of $names" ;;
	*.json) echo "$names" >"$out" ;;
	*) mkdir -p "$out" && echo "$names${older:+and older: $older}" >"$out/index.html" ;;
	esac
	;;
esac
`

// tree is a checkout of this repository in small, whose origin is a bare repository beside it.
type tree struct {
	t      *testing.T
	g      *gomega.WithT
	folder string
}

func newTree(t *testing.T) tree {
	t.Helper()
	parent := t.TempDir()
	tr := tree{t, gomega.NewWithT(t), filepath.Join(parent, "tree")}
	tr.g.Expect(os.CopyFS(filepath.Join(tr.folder, ".github/scripts"), os.DirFS("../../.github/scripts"))).To(gomega.Succeed())
	tr.write("bin/loopmatrix", kit)
	tr.write("reports/published/b.json", "published b")
	tr.write("reports/published/README.md", "")
	tr.must("git init --quiet --bare --initial-branch=main ../origin.git")
	tr.must("git init --quiet --initial-branch=main && git remote add origin ../origin.git && printf '/bin/\n/build/\n' >.gitignore")
	tr.commit()
	return tr
}

func (tr tree) write(name, content string) {
	tr.t.Helper()
	path := filepath.Join(tr.folder, name)
	tr.g.Expect(os.MkdirAll(filepath.Dir(path), 0o755)).To(gomega.Succeed())
	tr.g.Expect(os.WriteFile(path, []byte(content), 0o755)).To(gomega.Succeed())
}

func (tr tree) read(name string) string {
	tr.t.Helper()
	b, err := os.ReadFile(filepath.Join(tr.folder, name))
	tr.g.Expect(err).NotTo(gomega.HaveOccurred())
	return string(b)
}

// sh runs a line of shell in the tree, apart from what this machine tells git, and gives what it
// says and its exit code.
func (tr tree) sh(line string) (string, int) {
	tr.t.Helper()
	c := exec.CommandContext(tr.t.Context(), "bash", "-c", line)
	c.Dir = tr.folder
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		c.Env = append(c.Env, "GIT_"+who+"_NAME=somebody", "GIT_"+who+"_EMAIL=somebody@example.org")
	}
	out, _ := c.CombinedOutput() // an error is an exit code
	tr.g.Expect(c.ProcessState).NotTo(gomega.BeNil(), line)
	return string(out), c.ProcessState.ExitCode()
}

func (tr tree) must(line string) string {
	tr.t.Helper()
	out, code := tr.sh(line)
	tr.g.Expect(code).To(gomega.Equal(0), "%s\n%s", line, out)
	return out
}

func (tr tree) commit() { tr.t.Helper(); tr.must("git add --all && git commit --quiet --message x") }

const (
	combineThem = ".github/scripts/previous build/previous && .github/scripts/combine build/measured build/public"
	publishIt   = ".github/scripts/publish build/public"
)

// TestTableOverTime follows the published table for some weeks.
func TestTableOverTime(t *testing.T) {
	tr := newTree(t)
	tr.write("build/measured/report-a/a.json", "first a")
	tr.write("build/measured/report-a/a.v4.pcapng", "frames of the first a")
	tr.must(combineThem + "&&" + publishIt)
	tr.g.Expect(tr.read("build/public/site/index.html")).To(gomega.Equal("a.json a.v4.pcapng b.json \n"))

	// The next week a was not measured and c was; a report that the check refuses is told of and
	// left out.
	tr.must("rm -r build/measured")
	tr.write("build/measured/report-c/c.json", "first c")
	tr.write("build/measured/report-d/d.json", "bad d")
	tr.must(combineThem + "&&" + publishIt)
	tr.g.Expect(tr.read("build/public/reports/a.json")).To(gomega.Equal("first a"))
	tr.g.Expect(tr.read("build/public/matrix.json")).To(gomega.Equal("a.json a.v4.pcapng b.json c.json \n"))
	tr.g.Expect(tr.read("build/public/summary.md")).To(gomega.And(gomega.ContainSubstring("compared"),
		gomega.ContainSubstring("Left out"), gomega.ContainSubstring("report-d/d.json"), gomega.ContainSubstring("table of a.json")))
	tr.g.Expect(strings.Fields(tr.must("git --git-dir=../origin.git ls-tree -r --name-only data"))).
		To(gomega.Equal([]string{"matrix.json", "measured/a.json", "measured/a.v4.pcapng", "measured/c.json"}))

	// Then a was measured again, without captures, which takes those of the last time away.
	tr.must("rm -r build/measured")
	tr.write("build/measured/report-a/a.json", "second a")
	tr.must(combineThem + "&&" + publishIt)
	tr.g.Expect(tr.must("git --git-dir=../origin.git show data:measured/a.json")).To(gomega.Equal("second a"))
	tr.g.Expect(tr.read("build/public/matrix.json")).To(gomega.Equal("a.json b.json c.json \n"))
	tr.g.Expect(tr.must(publishIt)).To(gomega.Equal("nothing has changed\n"))
	tr.g.Expect(tr.must("git --git-dir=../origin.git rev-list --count data")).To(gomega.Equal("3\n"))
	tr.g.Expect(tr.must("git status --porcelain; git branch; git worktree list | wc -l")).To(gomega.Equal("* main\n1\n"), "something is left behind")
}

// TestOlderReleases follows a system whose releases come and go: of them the table has those that
// were measured last, and the branch data has all.
func TestOlderReleases(t *testing.T) {
	tr := newTree(t)
	data := func() []string {
		return strings.Fields(tr.must("git --git-dir=../origin.git ls-tree -r --name-only data"))
	}
	measured := func(name string) {
		tr.must("rm -rf build/measured")
		tr.write("build/measured/report-a/"+name+".json", "report "+name)
		tr.write("build/measured/report-a/"+name+".v4.pcapng", "frames")
	}
	measured("a-1")
	tr.must(combineThem + "&&" + publishIt)
	measured("a-2")
	tr.must("export OLDER=a-1;" + combineThem + "&&" + publishIt)
	tr.g.Expect(data()).To(gomega.Equal([]string{"matrix.json", "measured/a-2.json", "measured/a-2.v4.pcapng", "older/a-1.json", "older/a-1.v4.pcapng"}))
	tr.g.Expect(tr.read("build/public/matrix.json")).To(gomega.Equal("a-2.json a-2.v4.pcapng b.json \n"))
	tr.g.Expect(tr.read("build/public/site/index.html")).To(gomega.Equal("a-2.json a-2.v4.pcapng b.json and older: a-1.json a-1.v4.pcapng \n"))

	// It stays an older one although nobody says so again, and although the artifact of a table has
	// no empty folder.
	measured("a-3")
	tr.must("export OLDER='';" + combineThem + "&&" + publishIt)
	tr.g.Expect(data()).To(gomega.ContainElements("older/a-1.json", "measured/a-2.json", "measured/a-3.json"))

	// One that is measured again has its column again.
	measured("a-1")
	tr.must("export OLDER='a-2';" + combineThem + "; find build/public -type d -empty -delete;" + publishIt)
	tr.g.Expect(data()).To(gomega.ContainElements("measured/a-1.json", "older/a-2.json"))
	tr.g.Expect(data()).NotTo(gomega.Or(gomega.ContainElement("older/a-1.json"), gomega.ContainElement("measured/a-2.json")))
}

// TestOnlyRegressionsFail makes sure that a table is made whatever changed, and which changes end
// with an error.
func TestOnlyRegressionsFail(t *testing.T) {
	tr := newTree(t)
	tr.write("build/measured/report-a/a.json", "a")
	for _, c := range []struct {
		environment string
		code        int
	}{
		{"CHANGED=0", 0}, {"CHANGED=1", 1}, {"CHANGED=3", 0}, {"CHANGED=4", 0}, {"CHANGED=2", 2},
		{"CHANGED=1 REGRESSIONS=accept", 0}, {"CHANGED=1 REGRESSIONS=refuse", 1},
	} {
		out, code := tr.sh("export " + c.environment + "; " + combineThem)
		tr.g.Expect(code).To(gomega.Equal(c.code), "%s\n%s", c.environment, out)
		tr.g.Expect(tr.read("build/public/site/index.html")).To(gomega.Equal("a.json b.json \n"), c.environment)
	}
	out, code := tr.sh("rm -r build/measured; " + combineThem) // nobody measured anything
	tr.g.Expect(code).To(gomega.Equal(0), out)
	tr.g.Expect(tr.read("build/public/matrix.json")).To(gomega.Equal("b.json \n"))
}

// TestNoHalfTable makes sure that nothing is published of a table that was not finished, and that
// an origin which does not answer is not taken for an empty one.
func TestNoHalfTable(t *testing.T) {
	tr := newTree(t)
	tr.write("build/measured/a.json", "a")
	tr.must(combineThem)
	for _, part := range []string{"measured", "matrix.json", "site"} {
		tr.must("rm -rf build/part; mv build/public/" + part + " build/part")
		out, code := tr.sh(publishIt)
		tr.g.Expect(code).To(gomega.Equal(2), out)
		tr.must("mv build/part build/public/" + part)
	}
	_, code := tr.sh("git --git-dir=../origin.git rev-parse --verify --quiet data")
	tr.g.Expect(code).NotTo(gomega.Equal(0), "there is a branch data")
	for _, script := range []string{publishIt, combineThem} {
		_, code := tr.sh("git remote set-url origin ../nowhere.git; " + script)
		tr.g.Expect(code).NotTo(gomega.Equal(0), script)
	}
}

// TestSubmission brings what a pull request may bring: good reports, bad ones, and files that mean
// harm.
func TestSubmission(t *testing.T) {
	tr := newTree(t)
	for _, c := range []struct {
		name, change string
		code         int
		says         []string
	}{
		{"a report", "echo good >reports/published/c.json; echo x >reports/published/c.v4.pcapng", 0, nil},
		{"a capture", "echo captured >reports/published/c.json; echo x >reports/published/c.pcapng", 0, nil},
		{"another's capture", "echo captured >reports/published/c.json; echo x >reports/published/cc.pcapng", 2, nil},
		{"nothing of interest", "echo x >README.md; git rm -q reports/published/b.json", 0, []string{"it brings no report"}},
		{"a bad report", "echo bad >reports/published/c.json", 2, []string{"c.json"}},
		{"a bad one beside a good one", "echo bad >reports/published/b.json; echo good >reports/published/c.json", 2, []string{"b.json"}},
		{"a link", "ln -s /etc/passwd reports/published/c.json", 2, []string{"c.json: is no ordinary file"}},
		{"a program", "echo x >reports/published/c.json; chmod +x reports/published/c.json", 2, []string{"c.json: is no ordinary file"}},
		{"an option", "echo x >reports/published/-rf.json", 2, []string{"-rf.json: is no name"}},
		{"a folder", "mkdir reports/published/x; echo x >reports/published/x/c.json", 2, []string{"x/c.json: is no name"}},
		{"a command for the log", `echo x >$'reports/published/c\n::error::x.json'`, 2, []string{`c\n::error::x.json`}},
		{"something else", "echo x >reports/published/c.html", 2, []string{"is neither a report"}},
		{"its own check", "echo 'exit 0' >.github/scripts/submission; echo bad >reports/published/c.json", 2, []string{"c.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := tree{t, gomega.NewWithT(t), tr.folder}
			tr.must("git checkout --quiet -B theirs main; " + c.change)
			tr.commit()
			tr.must("git push --quiet --force origin theirs:refs/pull/7/head; git checkout --quiet main")
			out, code := tr.sh("PULL=7 .github/scripts/submission")
			tr.g.Expect(code).To(gomega.Equal(c.code), out)
			for _, says := range c.says {
				tr.g.Expect(out).To(gomega.ContainSubstring(says))
			}
			tr.g.Expect(out).NotTo(gomega.MatchRegexp("(?m)^::"), "a line that the log would take for a command")
		})
	}
	tr.must("HEAD=main .github/scripts/submission") // a branch, as by hand
	for _, from := range []string{"HEAD=nobody", "PULL=8", ""} {
		_, code := tr.sh(from + " .github/scripts/submission")
		tr.g.Expect(code).NotTo(gomega.Equal(0), from)
	}
}

// TestKitKeepsItsSuffix wants the program to be named so that its system can start it again, and
// the others to be gone.
func TestKitKeepsItsSuffix(t *testing.T) {
	for system, want := range map[string]string{"windows": "kit.exe", "linux": "kit"} {
		tr := newTree(t)
		for _, name := range []string{"loopmatrix-windows-amd64.exe", "loopmatrix-linux-amd64", "loopmatrix-linux-arm64"} {
			tr.write("kits/"+name, name)
		}
		tr.must("sh .github/scripts/kit kits " + system + " amd64")
		b, err := os.ReadFile(filepath.Join(tr.folder, want))
		tr.g.Expect(err).NotTo(gomega.HaveOccurred())
		tr.g.Expect(string(b)).To(gomega.HavePrefix("loopmatrix-" + system))
		tr.g.Expect(filepath.Join(tr.folder, "kits")).NotTo(gomega.BeAnExistingFile())
	}
}
