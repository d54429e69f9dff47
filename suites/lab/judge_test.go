package lab

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func results(words ...string) (out []claim.Result) {
	for i, w := range words {
		r := claim.Result{Claim: string(rune('a' + i)), Finding: observe.Finding{Verdict: observe.Observed, Behaviour: w}}
		if w == "-" {
			r.Finding = observe.Finding{Verdict: observe.NotRun}
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
	}{
		"as it should":     {Fault{Turns: []string{"a"}}, [][]claim.Result{results("y", "x", "-")}, 1, nil, nil, nil},
		"missed":           {Fault{Turns: []string{"a", "b"}}, [][]claim.Result{results("y", "x", "-")}, 1, []string{"b"}, nil, nil},
		"moved":            {Fault{Turns: []string{"a"}}, [][]claim.Result{results("y", "y", "-")}, 2, nil, []string{"b"}, nil},
		"unmeasured":       {Fault{Turns: []string{"c"}}, [][]claim.Result{results("x", "x", "-")}, 0, nil, nil, []string{"c"}},
		"measured now":     {Fault{Turns: []string{"c"}}, [][]claim.Result{results("x", "x", "y")}, 1, nil, nil, nil},
		"no such claim":    {Fault{Turns: []string{"z"}}, [][]claim.Result{results("x", "x", "-")}, 0, []string{"z"}, nil, nil},
		"unsteady":         {Fault{Turns: []string{"a"}, Unsteady: true}, [][]claim.Result{results("y", "x", "-"), results("z", "y", "-")}, 1, nil, nil, nil},
		"unsteady, missed": {Fault{Turns: []string{"a"}, Unsteady: true}, [][]claim.Result{results("y", "x", "-"), results("x", "y", "-")}, 1, []string{"a"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			j := c.fault.judge(results("x", "x", "-"), c.surveys...)
			g.Expect(j.Turned).To(gomega.HaveLen(c.turned))
			g.Expect(j.Missed).To(gomega.Equal(c.missed))
			g.Expect(j.Moved).To(gomega.Equal(c.moved))
			g.Expect(j.Unmeasured).To(gomega.Equal(c.unmeasured))
			g.Expect(j.Agrees()).To(gomega.Equal(c.missed == nil && c.moved == nil))
		})
	}
}
