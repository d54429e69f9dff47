package fake_test

import (
	"context"
	"testing"

	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// seed is that of every run on a fake host.
const seed = 1

// machines are the healthy hosts.
func machines() map[string]func() *fake.Machine {
	return map[string]func() *fake.Machine{"linux": fake.Linux, "bsd": fake.BSD, "macos": fake.MacOS, "windows": fake.Windows}
}

// measured lists the claims that have a spec.
func measured() []claim.Entry {
	var out []claim.Entry
	for _, e := range claim.Catalogue() {
		if e.Spec != nil {
			out = append(out, e)
		}
	}
	return out
}

// measure runs every spec on one machine, in the order of the catalogue, as a run does.
func measure(m *fake.Machine) map[string]claim.Finding {
	return measureOf(m, measured())
}

// measureOf runs the specs of some entries.
func measureOf(m *fake.Machine, entries []claim.Entry) map[string]claim.Finding {
	out := map[string]claim.Finding{}
	h := m.Host(seed)
	for _, e := range entries {
		out[e.ID] = claim.Measure(context.Background(), e, h).Finding
	}
	return out
}

func TestHealthyMachinesAreConclusive(t *testing.T) {
	for name, make := range machines() {
		t.Run(name, func(t *testing.T) {
			found := measure(make())
			for _, e := range measured() {
				f := found[e.ID]
				t.Logf("%-28s %-12s %-24s %s", e.ID, f.Verdict, f.Behaviour, f.Reason)
				if f.Verdict == claim.Inconclusive {
					t.Errorf("%s: %s", e.ID, f.Reason)
				}
			}
		})
	}
}

// TestStackOnly measures machines of which only the stack is given, or the network as well: what is
// not given is why a claim is not run, and makes none inconclusive.
func TestStackOnly(t *testing.T) {
	for name, make := range machines() {
		t.Run(name, func(t *testing.T) {
			m := make()
			for given, h := range map[string]*host.Host{"stack": host.Of(m.Bare(), nil, seed), "stack and network": host.Of(m.Bare(), &m.Network, seed)} {
				verdicts := map[claim.Verdict]int{}
				for _, e := range measured() {
					f := claim.Measure(t.Context(), e, h).Finding
					verdicts[f.Verdict]++
					if f.Verdict == claim.Inconclusive {
						t.Errorf("%s: %s: %s", given, e.ID, f.Reason)
					}
				}
				if verdicts[claim.NotRun] == 0 || verdicts[claim.Conforms] < 10 {
					t.Errorf("%s: %v", given, verdicts)
				}
			}
		})
	}
}
