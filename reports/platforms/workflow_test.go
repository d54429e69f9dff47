package platforms

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"go.yaml.in/yaml/v4"
)

// The parts of a workflow that the tests look at.
type (
	workflow struct {
		On          any            `yaml:"on"`
		Permissions any            `yaml:"permissions"`
		Concurrency map[string]any `yaml:"concurrency"`
		Jobs        map[string]job `yaml:"jobs"`
	}
	job struct {
		RunsOn   string            `yaml:"runs-on"`
		Needs    any               `yaml:"needs"`
		Timeout  int               `yaml:"timeout-minutes"`
		Outputs  map[string]string `yaml:"outputs"`
		Steps    []step            `yaml:"steps"`
		Strategy struct {
			FailFast *bool          `yaml:"fail-fast"`
			Matrix   map[string]any `yaml:"matrix"`
		} `yaml:"strategy"`
	}
	step struct {
		Uses string         `yaml:"uses"`
		If   string         `yaml:"if"`
		Run  string         `yaml:"run"`
		With map[string]any `yaml:"with"`
		Env  map[string]any `yaml:"env"`
	}
)

// needs are the jobs that must have ended before this one begins.
func (j job) needs() []string {
	switch n := j.Needs.(type) {
	case string:
		return []string{n}
	case []any:
		var out []string
		for _, name := range n {
			out = append(out, fmt.Sprint(name))
		}
		return out
	default:
		return nil
	}
}

// workflows reads all of them, by their names.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	g := gomega.NewWithT(t)
	paths, err := filepath.Glob("../../.github/workflows/*.yml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	out := map[string]workflow{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		var w workflow
		g.Expect(yaml.Load(b, &w)).To(gomega.Succeed(), path)
		out[strings.TrimSuffix(filepath.Base(path), ".yml")] = w
	}
	g.Expect(slices.Sorted(maps.Keys(out))).To(gomega.Equal([]string{"ci", "conformance", "release", "submission", "table"}))
	return out
}

// eachStep calls f with every step and where it stands.
func eachStep(t *testing.T, f func(where string, s step)) {
	t.Helper()
	for name, w := range workflows(t) {
		for id, j := range w.Jobs {
			for i, s := range j.Steps {
				f(fmt.Sprintf("%s.yml, job %s, step %d", name, id, i+1), s)
			}
		}
	}
}

// TestWorkflowsAreModest makes sure that no workflow may do more, or for longer, than it says; only
// what publishes may write, and it says so job by job.
func TestWorkflowsAreModest(t *testing.T) {
	g := gomega.NewWithT(t)
	for name, w := range workflows(t) {
		g.Expect(w.Permissions).To(gomega.Equal(map[string]any{"contents": "read"}), name)
		g.Expect(w.Concurrency).To(gomega.HaveKey("group"), name)
		for id, j := range w.Jobs {
			where := name + ".yml, job " + id
			g.Expect(j.Timeout).To(gomega.BeNumerically(">", 0), where)
			g.Expect(j.RunsOn).To(gomega.Or(gomega.HavePrefix("${{ matrix."), gomega.MatchRegexp(numbered.String())), where)
			if j.Strategy.Matrix != nil {
				g.Expect(j.Strategy.FailFast).To(gomega.HaveValue(gomega.BeFalse()), where)
			}
		}
	}
}

// TestNothingFromOutsideIsRun makes sure that commands hold no expression, which anybody's text
// could come in by, and that no workflow knows a secret or runs a pull request with more than it
// may do by itself.
func TestNothingFromOutsideIsRun(t *testing.T) {
	g := gomega.NewWithT(t)
	eachStep(t, func(where string, s step) {
		g.Expect(s.Run).NotTo(gomega.ContainSubstring("${{"), where)
		if run, is := s.With["run"].(string); is {
			g.Expect(run).NotTo(gomega.ContainSubstring("${{"), where)
		}
	})
	for name := range workflows(t) {
		b, err := os.ReadFile("../../.github/workflows/" + name + ".yml")
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(string(b)).NotTo(gomega.Or(gomega.ContainSubstring("secrets."), gomega.ContainSubstring("pull_request_target")), name)
	}
}

// TestByHand makes sure that every step can be run by hand: it is a command of make or a script, of
// which there is one here.
func TestByHand(t *testing.T) {
	g := gomega.NewWithT(t)
	targets, err := os.ReadFile("../../Makefile")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	asMake := regexp.MustCompile(`^(?:sudo env "PATH=\$PATH" LOOPMATRIX_STRICT=1 )?make ([a-z-]+)( [A-Z]+=\S+)*( >>"\$GITHUB_[A-Z_]+")?$`)
	asScript := regexp.MustCompile(`^(?:` + permission + `=1 )?sh \.github/scripts/([a-z]+)\b`)
	other := []string{"go test -short ./...", "test -d measured && test ! -e measured/failed"}
	eachStep(t, func(where string, s step) {
		run, is := s.With["run"].(string)
		if !is {
			run = s.Run
		}
		if run == "" || slices.Contains(other, run) {
			return
		}
		if m := asMake.FindStringSubmatch(run); m != nil {
			g.Expect(string(targets)).To(gomega.MatchRegexp("(?m)^"+m[1]+":.*## "), where)
			return
		}
		m := asScript.FindStringSubmatch(run)
		g.Expect(m).NotTo(gomega.BeNil(), "%s: %s", where, run)
		g.Expect("../../.github/scripts/" + m[1]).To(gomega.BeARegularFile())
	})
}

// TestPinned makes sure that actions are pinned by commit, with the version in a comment.
func TestPinned(t *testing.T) {
	g := gomega.NewWithT(t)
	pinned := regexp.MustCompile(`uses: (\S+@[0-9a-f]{40}) # v[0-9]+\.[0-9]+\.[0-9]+\n`)
	commits := map[string]bool{}
	for name := range workflows(t) {
		b, err := os.ReadFile("../../.github/workflows/" + name + ".yml")
		g.Expect(err).NotTo(gomega.HaveOccurred())
		for _, m := range pinned.FindAllStringSubmatch(strings.ReplaceAll(string(b), "\r\n", "\n"), -1) {
			commits[m[1]] = true
		}
	}
	eachStep(t, func(where string, s step) {
		if s.Uses != "" {
			g.Expect(commits[s.Uses]).To(gomega.BeTrue(), "%s: %s", where, s.Uses)
		}
	})
}

// TestTokens makes sure that no checkout leaves a token in the tree, and that every step which
// speaks to origin or to the API is given one: a private repository answers to no request without.
func TestTokens(t *testing.T) {
	g := gomega.NewWithT(t)
	speaks := regexp.MustCompile(`^make (newest|previous|pages|publish|submission|release)\b`)
	spoke := 0
	eachStep(t, func(where string, s step) {
		if strings.HasPrefix(s.Uses, "actions/checkout@") {
			g.Expect(s.With).To(gomega.HaveKeyWithValue("persist-credentials", false), where)
		}
		if speaks.MatchString(s.Run) {
			g.Expect(s.Env).To(gomega.HaveKeyWithValue("GITHUB_TOKEN", "${{ github.token }}"), where)
			spoke++
		}
	})
	g.Expect(spoke).To(gomega.Equal(6))
}

// TestNothingWaitsForALabel makes sure that no job needs one whose runner comes from the list: a
// job with a label that no runner has waits for a day, whatever its limit of time.
func TestNothingWaitsForALabel(t *testing.T) {
	for name, w := range workflows(t) {
		for id, j := range w.Jobs {
			for _, needed := range j.needs() {
				if !numbered.MatchString(w.Jobs[needed].RunsOn) {
					t.Errorf("%s.yml: %s waits for %s, which waits for a runner that there may not be", name, id, needed)
				}
			}
		}
	}
}

// TestPagesFirst makes sure that nothing is pushed before it is certain that the page can be.
func TestPagesFirst(t *testing.T) {
	var asks, pushes int
	for i, s := range workflows(t)["table"].Jobs["publish"].Steps {
		switch s.Run {
		case "make pages":
			asks = i
		case "make publish":
			pushes = i
		}
	}
	if asks == 0 || pushes == 0 || asks > pushes {
		t.Errorf("step %d asks, step %d pushes", asks, pushes)
	}
}

// TestOneFailureIsOne makes sure that what runs after a step that failed does not fail for want of
// what that one had to make.
func TestOneFailureIsOne(t *testing.T) {
	always := 0
	eachStep(t, func(where string, s step) {
		if strings.Contains(s.If, "cancelled()") && strings.HasPrefix(s.Uses, "actions/upload-artifact@") {
			always++
			if s.With["if-no-files-found"] != "warn" {
				t.Errorf("%s fails a second time", where)
			}
		}
	})
	if always != 3 {
		t.Errorf("%d steps keep what there is", always)
	}
}

// permission lets the kit change the machine that it runs on (suites/kit/privatehost).
const permission = "LOOPMATRIX_MAY_CHANGE_THIS_MACHINE"

// TestThrownAway makes sure that only machines which are thrown away may be changed: every command
// in a virtual machine says so there, where the environment of the runner does not reach, and
// outside of them only hosted macOS.
func TestThrownAway(t *testing.T) {
	g := gomega.NewWithT(t)
	inside, outside := 0, 0
	eachStep(t, func(where string, s step) {
		run, is := s.With["run"].(string)
		if !is {
			run = s.Run
		}
		switch value, given := s.Env[permission]; {
		case !strings.Contains(run, "scripts/measure "):
			g.Expect(run).NotTo(gomega.ContainSubstring(permission), where)
			g.Expect(given).To(gomega.BeFalse(), where)
		case strings.Contains(run, "echo"): // a failure is a file, as in every virtual machine
			inside++
			g.Expect(run).To(gomega.HavePrefix(permission+"=1 sh .github/scripts/measure "), where)
		default:
			outside++
			g.Expect(run).To(gomega.HavePrefix("sh .github/scripts/measure "), where)
			g.Expect(value).To(gomega.Equal("${{ matrix.target.os == 'darwin' && '1' || '0' }}"), where)
		}
	})
	g.Expect(inside).To(gomega.Equal(6))
	g.Expect(outside).To(gomega.Equal(1))
}

// TestMachines makes sure that the workflow takes both its matrices from the list, and has a step
// for every system that is emulated.
func TestMachines(t *testing.T) {
	g := gomega.NewWithT(t)
	jobs := workflows(t)["conformance"].Jobs
	for _, id := range []string{"hosted", "machines"} {
		g.Expect(jobs["build"].Outputs).To(gomega.HaveKeyWithValue(id, "${{ steps.plan.outputs."+id+" }}"))
		g.Expect(jobs[id].Strategy.Matrix).To(gomega.Equal(map[string]any{"target": "${{ fromJSON(needs.build.outputs." + id + ") }}"}))
		g.Expect(jobs[id].RunsOn).To(gomega.Equal("${{ matrix.target.runner }}"))
	}
	for _, target := range targets(t) {
		if target.VM == nil {
			continue
		}
		is := "env.MACHINES == 'vmactions' && matrix.target.vm.system == '" + target.VM.System + "'"
		g.Expect(slices.ContainsFunc(jobs["machines"].Steps, func(s step) bool {
			return strings.HasPrefix(s.Uses, "vmactions/"+target.VM.System+"-vm@") && s.If == is
		})).To(gomega.BeTrue(), "no step measures %s", target.VM.System)
	}
}

// TestKits makes sure that every target has a kit, by make and in a release, and that both build
// the same.
func TestKits(t *testing.T) {
	g := gomega.NewWithT(t)
	makefile, err := os.ReadFile("../../Makefile")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	platforms := regexp.MustCompile(`(?s)PLATFORMS := (.*?[^\\])\r?\n`).FindSubmatch(makefile)
	g.Expect(platforms).NotTo(gomega.BeNil())
	built := strings.Fields(strings.ReplaceAll(string(platforms[1]), "\\", ""))

	b, err := os.ReadFile("../../.goreleaser.yaml")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	var release struct {
		Builds []struct {
			Targets []string `yaml:"targets"`
			Ldflags []string `yaml:"ldflags"`
		} `yaml:"builds"`
	}
	g.Expect(yaml.Load(b, &release)).To(gomega.Succeed())
	g.Expect(release.Builds).To(gomega.HaveLen(1))
	// The version is that of .ci/version: the last tag alone would name a release that this tree is
	// not.
	g.Expect(release.Builds[0].Ldflags).To(gomega.ConsistOf(gomega.HavePrefix("-s -w -X main.version={{ .Summary }} -X main.commit={{ .FullCommit }}")))
	g.Expect(strings.Split(strings.ReplaceAll(strings.Join(release.Builds[0].Targets, " "), "_", "/"), " ")).To(gomega.Equal(built))

	for _, target := range targets(t) {
		if target.Missing == "" {
			g.Expect(built).To(gomega.ContainElement(target.OS+"/"+target.Arch), target.ID)
		}
	}
}
