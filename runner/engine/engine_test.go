package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// variable names what a child process does in the place of the tests: ginkgo runs once in a
// process. place names the file that its answer goes to.
const (
	variable = "LOOPMATRIX_ENGINE_TEST"
	place    = "LOOPMATRIX_ENGINE_TEST_ANSWER"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(variable); name != "" {
		os.Exit(child(name))
	}
	os.Exit(m.Run())
}

// told is what a child tells: the outcome, the progress, and what went wrong.
type told struct {
	Outcome  Outcome
	Progress []string
	Err      string
}

// child runs a case. Its answer goes to a file, since its output must stay silent and Windows hands
// on no third stream.
func child(name string) int {
	var t told
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	catalogue, selected := cases[name](cancel)
	var err error
	t.Outcome, err = Run(ctx, catalogue, selected, &host.Host{}, func(done, total int, r claim.Result) {
		t.Progress = append(t.Progress, fmt.Sprintf("%d/%d %s", done, total, r.Claim))
	})
	if err != nil {
		t.Err = err.Error()
	}
	b, err := json.Marshal(t)
	if err == nil {
		err = os.WriteFile(os.Getenv(place), b, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// engine runs a case in a child process, which must write nothing to its standard output and error.
func engine(t *testing.T, name string, prepare ...func(*exec.Cmd)) told {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "answer")
	c := exec.Command(self)
	c.Env = append(os.Environ(), variable+"="+name, place+"="+file)
	for _, p := range prepare {
		p(c)
	}
	shown, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, shown)
	}
	gomega.NewWithT(t).Expect(string(shown)).To(gomega.BeEmpty())
	b, err := os.ReadFile(file)
	var answer told
	if err == nil {
		err = json.Unmarshal(b, &answer)
	}
	if err != nil {
		t.Error(err)
	}
	return answer
}

// entry is a claim of a family with a spec that sees a value.
func entry(id string, family claim.Family, see func() string) claim.Entry {
	return claim.Entry{
		Claim: claim.Claim{ID: id, Family: family, Level: claim.Folk, Sentence: "It is so.",
			Rule: func(seen observation.Set) claim.Answer { return claim.Shows(seen[0].Value, "") },
			// The word is what the spec saw.
			Behaviours: []claim.Behaviour{{Word: "seen", Means: "it was seen"}, {Word: "0", Means: "none"}}},
		Spec: func(*host.Host) observation.Set {
			return observation.Set{{Op: "see", Outcome: observation.OK, Value: see(), Count: 1}}
		},
	}
}

func sees() string { return "seen" }

// cases make a catalogue and a selection; end ends the context of the run.
var cases = map[string]func(end func()) (catalogue, selected []claim.Entry){
	"order": func(func()) ([]claim.Entry, []claim.Entry) {
		all := []claim.Entry{entry("v4.z", claim.Block, sees), entry("v4.a", claim.Block, sees), entry("bind.m", claim.Binds, sees), entry("name.b", claim.Names, sees)}
		return all, all
	},
	"mixed families": func(func()) ([]claim.Entry, []claim.Entry) {
		all := []claim.Entry{entry("if.a", claim.Interface, sees), entry("v4.a", claim.Block, sees)}
		return all, all
	},
	"some": func(func()) ([]claim.Entry, []claim.Entry) {
		all := []claim.Entry{entry("v4.a", claim.Block, sees), entry("v4.b", claim.Block, sees), entry("v4.c", claim.Block, sees)}
		return all, all[1:2]
	},
	"none": func(func()) ([]claim.Entry, []claim.Entry) {
		return []claim.Entry{entry("v4.a", claim.Block, sees)}, nil
	},
	"trouble": func(func()) ([]claim.Entry, []claim.Entry) {
		broken := entry("v4.panic", claim.Block, func() string { panic("a test") })
		skipped := entry("v4.skip", claim.Block, sees)
		skipped.Spec = func(h *host.Host) observation.Set { h.NotRun("socket", errors.New("not here")); return nil }
		expected := entry("v4.expect", claim.Block, sees)
		expected.Spec = func(h *host.Host) observation.Set { h.Expect(1).To(gomega.Equal(2)); return nil }
		all := []claim.Entry{broken, skipped, expected, entry("v4.after", claim.Block, sees)}
		return all, all
	},
	"signal": func(func()) ([]claim.Entry, []claim.Entry) {
		hangs := entry("v4.hangs", claim.Block, func() string {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Signal(os.Interrupt)
			}
			if err != nil {
				return "no signal: " + err.Error()
			}
			select {} // until the process ends
		})
		all := []claim.Entry{entry("v4.first", claim.Block, sees), hangs, entry("v4.last", claim.Block, sees), entry("v4.other", claim.Block, sees)}
		return all, all[:3]
	},
	"end": func(end func()) ([]claim.Entry, []claim.Entry) {
		ends := entry("v4.ends", claim.Block, func() string { end(); return "seen" })
		all := []claim.Entry{entry("v4.first", claim.Block, sees), ends, entry("v4.last", claim.Block, sees)}
		return all, all
	},
	"end inconclusive": func(end func()) ([]claim.Entry, []claim.Entry) {
		ends := entry("v4.ends", claim.Block, func() string { end(); panic("a test") })
		all := []claim.Entry{entry("v4.first", claim.Block, sees), ends, entry("v4.last", claim.Block, sees)}
		return all, all
	},
	"ended before": func(end func()) ([]claim.Entry, []claim.Entry) {
		end()
		all := []claim.Entry{entry("v4.first", claim.Block, sees)}
		return all, all
	},
	"nowhere": func(func()) ([]claim.Entry, []claim.Entry) {
		dir, err := os.MkdirTemp("", "loopmatrix")
		if err == nil {
			err = os.Chdir(dir)
		}
		if err == nil {
			err = os.Remove(dir)
		}
		if err != nil {
			return nil, nil // the test tells that nothing was measured
		}
		_ = os.Unsetenv("PWD")
		all := []claim.Entry{entry("v4.first", claim.Block, sees)}
		return all, all
	},
	"sockets": func(func()) ([]claim.Entry, []claim.Entry) {
		all := []claim.Entry{entry("v4.first", claim.Block, sockets), entry("v4.last", claim.Block, sockets)}
		return all, all
	},
}

// sockets counts those that this process has open, by proc_pid_fd(5).
func sockets() string {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err.Error()
	}
	n := 0
	for _, e := range open {
		if to, err := os.Readlink(filepath.Join("/proc/self/fd", e.Name())); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return fmt.Sprint(n)
}

// short writes results as "v4.a observed seen".
func short(o Outcome) []string {
	var out []string
	for _, r := range o.Results {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s%s", r.Claim, r.Verdict, r.Behaviour, r.Reason)))
	}
	return out
}

func TestOrder(t *testing.T) {
	g := gomega.NewWithT(t)
	got := engine(t, "order")
	g.Expect(got.Err).To(gomega.BeEmpty())
	g.Expect(got.Outcome.Interrupted).To(gomega.BeFalse())
	g.Expect(got.Progress).To(gomega.Equal([]string{"1/4 v4.z", "2/4 v4.a", "3/4 bind.m", "4/4 name.b"}), "neither shuffled nor sorted")
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.z observed seen", "v4.a observed seen", "bind.m observed seen", "name.b observed seen"}))

	got = engine(t, "mixed families")
	g.Expect(got.Progress).To(gomega.Equal([]string{"1/2 v4.a", "2/2 if.a"}), "family by family")
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"if.a observed seen", "v4.a observed seen"}), "the catalogue's order")
}

func TestNotSelected(t *testing.T) {
	g := gomega.NewWithT(t)
	got := engine(t, "some")
	g.Expect(got.Progress).To(gomega.Equal([]string{"1/1 v4.b"}))
	g.Expect(got.Outcome.Interrupted).To(gomega.BeFalse())
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.a not-run " + model.NotSelected, "v4.b observed seen", "v4.c not-run " + model.NotSelected}))
	got = engine(t, "none")
	g.Expect(got.Progress).To(gomega.BeEmpty())
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.a not-run " + model.NotSelected}))
}

// TestTrouble has specs that break off: ginkgo counts them as failed or skipped, and goes on in
// silence.
func TestTrouble(t *testing.T) {
	g := gomega.NewWithT(t)
	got := engine(t, "trouble")
	g.Expect(got.Outcome.Interrupted).To(gomega.BeFalse())
	g.Expect(short(got.Outcome)).To(gomega.HaveExactElements("v4.panic inconclusive the spec panicked: a test", "v4.skip not-run not here",
		gomega.HavePrefix("v4.expect inconclusive precondition: "), "v4.after observed seen"))
}

// TestSignal interrupts a spec that would never end.
func TestSignal(t *testing.T) {
	g := gomega.NewWithT(t)
	got := engine(t, "signal")
	if hung := got.Outcome.Results[1]; strings.HasPrefix(hung.Reason, "the rule gave") || hung.Verdict == claim.Inconclusive {
		unable.Skip(t, errors.New(hung.Reason))
	}
	g.Expect(got.Outcome.Interrupted).To(gomega.BeTrue())
	g.Expect(got.Progress).To(gomega.Equal([]string{"1/3 v4.first"}))
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.first observed seen", "v4.hangs not-run " + model.Interrupted,
		"v4.last not-run " + model.Interrupted, "v4.other not-run " + model.NotSelected}))
}

// TestEnd ends the context during a spec, whose result may be the work of what ended it, and before
// the first.
func TestEnd(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, name := range []string{"end", "end inconclusive"} {
		got := engine(t, name)
		g.Expect(got.Outcome.Interrupted).To(gomega.BeTrue(), name)
		g.Expect(got.Progress).To(gomega.Equal([]string{"1/3 v4.first"}), name)
		g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.first observed seen", "v4.ends not-run " + model.Interrupted, "v4.last not-run " + model.Interrupted}), name)
	}
	got := engine(t, "ended before")
	g.Expect(got.Outcome.Interrupted).To(gomega.BeTrue())
	g.Expect(got.Progress).To(gomega.BeEmpty())
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.first not-run " + model.Interrupted}))
}

// TestNowhere runs in a working directory that is gone, and with one that may not be read.
func TestNowhere(t *testing.T) {
	g := gomega.NewWithT(t)
	got := engine(t, "nowhere")
	if len(got.Outcome.Results) == 0 {
		unable.Skip(t, errors.New("a working directory can't be removed here"))
	}
	g.Expect(got.Err).To(gomega.BeEmpty())
	g.Expect(short(got.Outcome)).To(gomega.Equal([]string{"v4.first observed seen"}))
	dir := t.TempDir()
	g.Expect(os.Chmod(dir, 0o300)).To(gomega.Succeed())
	defer func() { _ = os.Chmod(dir, 0o700) }()
	got = engine(t, "some", func(c *exec.Cmd) { c.Dir = dir })
	g.Expect(got.Err).To(gomega.BeEmpty())
}

// TestNoSocket counts the sockets that are open while specs run. The engine's own would be among
// those that they measure.
func TestNoSocket(t *testing.T) {
	if _, err := os.ReadDir("/proc/self/fd"); err != nil {
		unable.Skip(t, err)
	}
	g := gomega.NewWithT(t)
	g.Expect(short(engine(t, "sockets").Outcome)).To(gomega.Equal([]string{"v4.first observed 0", "v4.last observed 0"}))
}
