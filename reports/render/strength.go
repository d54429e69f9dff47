package render

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// strengths are the levels as they are counted: the opposite of a MUST is a MUST as well.
func strengths() []string { return []string{"MUST", "SHOULD", "STATED", "not judged"} }

func strength(l claim.Level) string {
	switch l {
	case claim.Must, claim.MustNot:
		return "MUST"
	case claim.Should, claim.ShouldNot:
		return "SHOULD"
	case claim.Stated:
		return "STATED"
	default:
		return "not judged"
	}
}

// counted lists the verdicts in the order in which they are counted and explained.
func counted() []claim.Verdict {
	return []claim.Verdict{claim.Conforms, claim.Deviates, claim.Observed, claim.Inconclusive, claim.NotRun, claim.Withdrawn, unknown}
}

// explained are the verdicts that a legend explains; withdrawn only where something is.
func (v view) explained() []claim.Verdict {
	for _, row := range v.Cells {
		for _, c := range row {
			if c != nil && c.Verdict == claim.Withdrawn {
				return counted()
			}
		}
	}
	return slices.DeleteFunc(counted(), func(v claim.Verdict) bool { return v == claim.Withdrawn })
}

// count is how many claims of a strength have which verdict in a column.
func (v view) count(of string, c column) map[claim.Verdict]int {
	out := map[claim.Verdict]int{}
	for _, cl := range v.Claims {
		if strength(cl.Level) == of {
			out[v.in(cl.ID, c).Verdict]++
		}
	}
	return out
}
