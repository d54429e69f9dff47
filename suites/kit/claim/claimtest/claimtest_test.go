package claimtest

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// made is a claim with this rule, which is in no registry.
func made(rule claim.Rule) claim.Claim {
	return claim.Claim{ID: "test.made", Behaviours: []claim.Behaviour{{Word: "yes"}, {Word: "no"}, {Word: claim.AnyErrno}}, Rule: rule}
}

func bound(outcome observation.Outcome, errno string) observation.Set {
	return observation.Set{{Op: "bind", Targets: []string{"127.0.0.1"}, Outcome: outcome, Errno: errno, Count: 1}}
}

func good(seen observation.Set) claim.Answer {
	seen = seen.Op("bind")
	switch {
	case len(seen) == 0:
		return claim.Unclear("nothing was bound")
	case seen.AllOK():
		return claim.Shows("yes", "all")
	default:
		return claim.Shows("no", "not all")
	}
}

// TestRulesThatAreWrong asks rules that a table must not let pass.
func TestRulesThatAreWrong(t *testing.T) {
	row := Row{Name: "bound twice", Seen: append(bound(observation.OK, ""), bound(observation.OK, "")...), Want: "yes"}
	for name, c := range map[string]struct {
		rule claim.Rule
		want string
	}{
		"a good one":        {good, ""},
		"another word":      {func(observation.Set) claim.Answer { return claim.Shows("no", "x") }, `want "yes"`},
		"an undeclared one": {func(observation.Set) claim.Answer { return claim.Shows("perhaps", "x") }, "no declared behaviour"},
		"without a reason":  {func(observation.Set) claim.Answer { return claim.Shows("yes", "") }, "no reason"},
		"it counts entries": {func(s observation.Set) claim.Answer {
			return map[bool]claim.Answer{true: claim.Shows("yes", "x"), false: claim.Shows("no", "x")}[len(s) == 2]
		}, "folded"},
		"it needs a target": {func(s observation.Set) claim.Answer { return claim.Shows("yes", "%s", s[0].Targets[0]) }, "the rule panicked"},
		"it reads anything": {func(observation.Set) claim.Answer { return claim.Shows("yes", "x") }, "from what it can't know"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			problems := strings.Join(append(asked(made(c.rule), row), odd(made(c.rule), row)...), "\n")
			if c.want == "" {
				g.Expect(problems).To(gomega.BeEmpty())
				return
			}
			g.Expect(problems).To(gomega.ContainSubstring(c.want))
		})
	}
}

func TestMissing(t *testing.T) {
	g := gomega.NewWithT(t)
	entries := []claim.Entry{{Claim: made(good), File: "a/b/made.go"}, {Claim: claim.Claim{ID: "exempt.made"}, File: "a/b/exempt.go"},
		{Claim: claim.Claim{ID: "test.other", Rule: good}, File: "a/c/other.go"}}
	mine := declaredIn("a/b", entries)
	g.Expect(mine).To(gomega.HaveLen(2))
	all := tables{}
	g.Expect(all.missing(mine)).To(gomega.ConsistOf(gomega.ContainSubstring("test.made (a/b/made.go): no table tests its rule")))
	all.add(made(good), []Row{{Want: "yes"}, {Want: "EINVAL"}, {Want: "unheard of"}})
	g.Expect(all.missing(mine)).To(gomega.ConsistOf(gomega.ContainSubstring(`no row of its table shows "no"`)))
	all.add(made(good), []Row{{Want: "no"}})
	g.Expect(all.missing(mine)).To(gomega.BeEmpty())
}
