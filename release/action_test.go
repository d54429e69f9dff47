//go:build unix

package release

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"go.yaml.in/yaml/v4"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// action is what action.yml says.
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Value string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Using string `yaml:"using"`
		Steps []struct {
			ID    string            `yaml:"id"`
			Shell string            `yaml:"shell"`
			If    string            `yaml:"if"`
			Run   string            `yaml:"run"`
			Uses  string            `yaml:"uses"`
			With  map[string]string `yaml:"with"`
			Env   map[string]string `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"runs"`
}

func readAction(t *testing.T) action {
	t.Helper()
	g := gomega.NewWithT(t)
	b, err := os.ReadFile("../action.yml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var a action
	g.Expect(yaml.Load(b, &a)).To(gomega.Succeed())
	return a
}

// TestActionIsModest makes sure that commands hold no expression, which anybody's text could come
// in by, that actions are pinned by commit, and that every input is used and every output comes
// from a step.
func TestActionIsModest(t *testing.T) {
	g := gomega.NewWithT(t)
	a := readAction(t)
	g.Expect(a.Runs.Using).To(gomega.Equal("composite"))
	var used strings.Builder
	for i, s := range a.Runs.Steps {
		where := fmt.Sprintf("step %d", i+1)
		g.Expect(s.Run).NotTo(gomega.ContainSubstring("${{"), where)
		if s.Uses == "" {
			g.Expect(s.Shell).To(gomega.Equal("bash"), where)
		} else {
			g.Expect(s.Uses).To(gomega.MatchRegexp(`@[0-9a-f]{40}$`), where)
		}
		fmt.Fprintln(&used, s.If, s.With, s.Env)
	}
	for name := range a.Inputs {
		g.Expect(used.String()).To(gomega.MatchRegexp(`inputs\.` + name + `\b`))
	}
	for _, m := range regexp.MustCompile(`inputs\.(\w+)`).FindAllStringSubmatch(used.String(), -1) {
		g.Expect(a.Inputs).To(gomega.HaveKey(m[1]))
	}
}

// job is one use of the action on a runner of its own.
type job struct {
	dir     string
	outputs map[string]string
	summary string
	said    string
	failed  bool
}

// perform runs the steps of action.yml as a runner would: what they write into its files counts for
// the next.
func perform(t *testing.T, inputs map[string]string) *job {
	t.Helper()
	g := gomega.NewWithT(t)
	root, err := filepath.Abs("..")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	a, j := readAction(t), &job{dir: filepath.Join(t.TempDir(), "a b"), outputs: map[string]string{}}
	g.Expect(os.MkdirAll(j.dir, 0o755)).To(gomega.Succeed())
	file := func(name string) string { return filepath.Join(j.dir, name) }
	read := func(name string) string { b, _ := os.ReadFile(file(name)); return string(b) }
	expression := regexp.MustCompile(`\$\{\{ (.*?) \}\}`)
	for _, s := range a.Runs.Steps {
		if s.Run == "" || j.failed {
			continue
		}
		c := exec.CommandContext(t.Context(), "bash", "-e", "-c", s.Run)
		c.Dir = j.dir
		c.Env = append(os.Environ(), "RUNNER_TEMP="+file("temp"), "RUNNER_ARCH=", "GITHUB_PATH="+file("path"), "GITHUB_OUTPUT="+file("output"),
			"GITHUB_STEP_SUMMARY="+file("summary"), "PATH="+strings.TrimSpace(read("path"))+":"+os.Getenv("PATH"))
		for name, value := range s.Env {
			c.Env = append(c.Env, name+"="+expression.ReplaceAllStringFunc(value, func(e string) string {
				of := expression.FindStringSubmatch(e)[1]
				if input, is := strings.CutPrefix(of, "inputs."); is {
					if given, is := inputs[input]; is {
						return given
					}
					return a.Inputs[input].Default
				}
				if output, is := strings.CutPrefix(of, "steps.measure.outputs."); is {
					return j.outputs[output]
				}
				return map[string]string{"github.action_path": root}[of]
			}))
		}
		said, err := c.CombinedOutput()
		j.said += string(said)
		j.failed = err != nil
		for line := range strings.Lines(read("output")) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			j.outputs[name] = value
		}
	}
	j.summary = read("summary")
	return j
}

// kits is a release for this system, whose kit is a script: it writes down its arguments and a
// report, and ends with a code.
func kits(t *testing.T, code int) string {
	t.Helper()
	_, err := exec.LookPath("bash")
	unable.Skip(t, err)
	name := "loopmatrix-" + runtime.GOOS + "-" + runtime.GOARCH
	script := fmt.Sprintf(`#!/bin/sh
echo "$@" >>arguments
case $1 in
--version) echo loopmatrix version v0.1.0 ;;
run)
	while [ $# -gt 0 ]; do
		[ "$1" != --baseline ] || echo what changed
		[ "$1" != --out ] || echo {} >"$2/linux-1-amd64.json"
		shift
	done
	exit %d
	;;
matrix) echo the headlines ;;
esac
`, code)
	dir := t.TempDir()
	write(t, filepath.Join(dir, name), script)
	write(t, filepath.Join(dir, "SHA256SUMS"), fmt.Sprintf("%x  other\n%x  %s\n", sha256.Sum256(nil), sha256.Sum256([]byte(script)), name))
	return dir
}

// TestAction runs the steps against a release in a folder.
func TestAction(t *testing.T) {
	g := gomega.NewWithT(t)
	j := perform(t, map[string]string{"kits": kits(t, 0), "claims": "v4.block.*,headline; rm -rf x", "baseline": "old.json"})
	g.Expect(j.failed).To(gomega.BeFalse(), j.said)
	g.Expect(j.said).To(gomega.ContainSubstring("loopmatrix version v0.1.0"))
	g.Expect(j.outputs).To(gomega.HaveKeyWithValue("code", "0"))
	g.Expect(j.outputs["report"]).To(gomega.And(gomega.HaveSuffix("loopmatrix-report/linux-1-amd64.json"), gomega.BeARegularFile()))
	g.Expect(j.summary).To(gomega.Equal("the headlines\n\n~~~~text\nwhat changed\n~~~~\n"))
	b, err := os.ReadFile(filepath.Join(j.dir, "arguments"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(b)).To(gomega.ContainSubstring("--claims v4.block.*,headline; rm -rf x --baseline old.json\n"))
	for name, output := range readAction(t).Outputs {
		g.Expect(output.Value).To(gomega.Equal("${{ steps.measure.outputs." + name + " }}"))
		g.Expect(j.outputs).To(gomega.HaveKey(name))
	}
}

// TestActionFails makes sure that a run that fails still leaves its report and summary, and that
// the job fails with its code.
func TestActionFails(t *testing.T) {
	for code, word := range map[int]string{1: "deviates", 2: "wrong usage", 3: "could not do its work", 4: "stale"} {
		g := gomega.NewWithT(t)
		j := perform(t, map[string]string{"kits": kits(t, code), "baseline": "published"})
		g.Expect(j.failed).To(gomega.BeTrue())
		g.Expect(j.outputs).To(gomega.And(gomega.HaveKeyWithValue("code", fmt.Sprint(code)), gomega.HaveKey("report")))
		g.Expect(j.summary).To(gomega.ContainSubstring("what changed"))
		g.Expect(j.said).To(gomega.MatchRegexp("::error::.*" + word))
	}
}

// TestActionStartsNothingElse makes sure that no kit is started that the sums do not name as it is.
func TestActionStartsNothingElse(t *testing.T) {
	name := "loopmatrix-" + runtime.GOOS + "-" + runtime.GOARCH
	for word, change := range map[string]func(dir string) error{
		name + " is not what SHA256SUMS says": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho started\n"), 0o755)
		},
		"SHA256SUMS names no " + name: func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), fmt.Appendf(nil, "%x  %s.old\n", sha256.Sum256(nil), name), 0o644)
		},
	} {
		g := gomega.NewWithT(t)
		dir := kits(t, 0)
		g.Expect(change(dir)).To(gomega.Succeed())
		j := perform(t, map[string]string{"kits": dir})
		g.Expect(j.failed).To(gomega.BeTrue())
		g.Expect(j.said).To(gomega.ContainSubstring("::error::" + word))
		g.Expect(j.said).NotTo(gomega.Or(gomega.ContainSubstring("started"), gomega.ContainSubstring("loopmatrix version")))
		g.Expect(j.outputs).To(gomega.BeEmpty())
	}
}
