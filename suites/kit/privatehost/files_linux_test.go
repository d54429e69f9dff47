package privatehost_test

import (
	"os"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// The files of a private host of its own: two that no host has, and two that every Linux has, of
// which one is replaced.
const (
	missing, alsoMissing = "/etc/loopmatrix.test", "/etc/loopmatrix.test.too"
	replaced, kept       = "/etc/hosts", "/etc/passwd"
)

var _ = claim.InPrivate(claim.Claim{ID: "test.files", Family: claim.Names, Level: claim.Folk, Sentence: "x", Question: "x?",
	Gates: []claim.Gate{claim.Privileged}, Source: claim.Source{Note: "x"}, NoFault: "it is made up",
	Behaviours: []claim.Behaviour{{Word: "x", Means: "x"}},
	Rule:       func(observation.Set) claim.Answer { return claim.Shows("x", "x") }},
	claim.Part{Name: "files", In: host.Arrangement{Files: map[string]string{missing: "first", alsoMissing: "second", replaced: "third"}},
		Spec: func(*host.Host) (seen observation.Set) {
			for _, path := range []string{missing, alsoMissing, replaced, kept} {
				b, err := os.ReadFile(path)
				if err != nil {
					b = []byte(err.Error())
				}
				seen = append(seen, observation.Observation{Op: "read", Targets: []string{path}, Outcome: observation.OK, Value: string(b), Count: 1})
			}
			return seen
		}})

// TestFiles proves that a private host has the files that it was given, also where there were none,
// that it keeps the others, and that nobody else sees them.
func TestFiles(t *testing.T) {
	passwd, err := os.ReadFile(kept)
	unable.Skip(t, err)
	hosts, err := os.ReadFile(replaced)
	unable.Skip(t, err)
	var r claim.Result
	unable.Skip(t, privatehost.Private("", seed)("test.files", 0, &r))
	for path, want := range map[string]string{missing: "first", alsoMissing: "second", replaced: "third", kept: string(passwd)} {
		if got := r.Observations.Target(path); len(got) != 1 || got[0].Value != want {
			t.Errorf("%s reads %v, not %q", path, got.Values(), want)
		}
	}
	if after, _ := os.ReadFile(replaced); string(after) != string(hosts) {
		t.Errorf("out here, %s reads %q now", replaced, after)
	}
	entries, err := os.ReadDir("/etc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "loopmatrix.test") {
			t.Errorf("out here, there is %s", e.Name())
		}
	}
}
