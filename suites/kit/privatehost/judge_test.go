package privatehost

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestUnproven has a fault that turns one conforming word into another.
func TestUnproven(t *testing.T) {
	g := gomega.NewWithT(t)
	one := func(word string) []claim.Result {
		return []claim.Result{{Claim: "a", Finding: claim.Finding{Verdict: claim.Conforms, Behaviour: word}}}
	}
	f := Fault{Turns: []string{"a"}}
	j := f.judge(one("good"), one("fine"))
	g.Expect(j.Unproven).To(gomega.ConsistOf(gomega.ContainSubstring(`Observes: "good → fine"`)))
	g.Expect(j.Agrees()).To(gomega.BeFalse())
	f.Observes = map[string]string{"a": "good → fine"}
	g.Expect(f.judge(one("good"), one("fine")).Agrees()).To(gomega.BeTrue())
}

func results(words ...string) (out []claim.Result) {
	for i, w := range words {
		r := claim.Result{Claim: string(rune('a' + i)), Finding: claim.Finding{Verdict: claim.Observed, Behaviour: w}}
		if w == "-" {
			r.Finding = claim.Finding{Verdict: claim.NotRun}
		}
		out = append(out, r)
	}
	return out
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		fault      Fault
		surveys    [][]claim.Result
		turned     int
		missed     []string
		moved      []string
		unmeasured []string
		unproven   int
	}{
		"as it should":           {Fault{Turns: []string{"a"}, Observes: map[string]string{"a": "x → y"}}, [][]claim.Result{results("y", "x", "-")}, 1, nil, nil, nil, 0},
		"missed":                 {Fault{Turns: []string{"a", "b"}, Observes: map[string]string{"a": "x → y"}}, [][]claim.Result{results("y", "x", "-")}, 1, []string{"b"}, nil, nil, 0},
		"moved":                  {Fault{Turns: []string{"a"}, Observes: map[string]string{"a": "x → y"}}, [][]claim.Result{results("y", "y", "-")}, 2, nil, []string{"b"}, nil, 0},
		"unmeasured":             {Fault{Turns: []string{"c"}}, [][]claim.Result{results("x", "x", "-")}, 0, nil, nil, []string{"c"}, 0},
		"measured now":           {Fault{Turns: []string{"c"}}, [][]claim.Result{results("x", "x", "y")}, 1, nil, nil, nil, 0},
		"no such claim":          {Fault{Turns: []string{"z"}}, [][]claim.Result{results("x", "x", "-")}, 0, []string{"z"}, nil, nil, 0},
		"unsteady":               {Fault{Turns: []string{"a"}, Unsteady: true}, [][]claim.Result{results("y", "x", "-"), results("z", "y", "-")}, 1, nil, nil, nil, 0},
		"unsteady, missed":       {Fault{Turns: []string{"a"}, Unsteady: true}, [][]claim.Result{results("y", "x", "-"), results("x", "y", "-")}, 1, []string{"a"}, nil, nil, 0},
		"it says something else": {Fault{Turns: []string{"a"}, Observes: map[string]string{"a": "y → x"}}, [][]claim.Result{results("y", "x", "-")}, 1, nil, nil, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			j := c.fault.judge(results("x", "x", "-"), c.surveys...)
			g.Expect(j.Turned).To(gomega.HaveLen(c.turned))
			g.Expect(j.Missed).To(gomega.Equal(c.missed))
			g.Expect(j.Moved).To(gomega.Equal(c.moved))
			g.Expect(j.Unmeasured).To(gomega.Equal(c.unmeasured))
			g.Expect(j.Unproven).To(gomega.HaveLen(c.unproven))
			g.Expect(j.Agrees()).To(gomega.Equal(c.missed == nil && c.moved == nil && c.unproven == 0))
		})
	}
}
