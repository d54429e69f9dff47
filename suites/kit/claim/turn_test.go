package claim

import (
	"testing"

	"github.com/onsi/gomega"
)

func TestUnproven(t *testing.T) {
	finding := func(v Verdict, word string) Finding {
		return Finding{Verdict: v, Behaviour: word}
	}
	good, fine, bad := finding(Conforms, "good"), finding(Conforms, "fine"), finding(Deviates, "bad")
	seen, other, none := finding(Observed, "x"), finding(Observed, "y"), finding(Inconclusive, "")
	for name, c := range map[string]struct {
		healthy, faulty Finding
		own             bool
		observes, want  string
	}{
		"deviates":                      {good, bad, true, "", ""},
		"deviated before":               {bad, good, true, "", ""},
		"both conform":                  {good, fine, false, "", `Observes: "good → fine"`},
		"both conform, own":             {good, fine, true, "", `Observes: "good → fine"`},
		"both conform, and it says so":  {good, fine, true, "good → fine", ""},
		"it says something else":        {good, fine, true, "good → bad", `it is "good → fine"`},
		"observed":                      {seen, other, false, "", `Observes: "x → y"`},
		"observed, and it says so":      {seen, other, true, "x → y", ""},
		"no answer, of another fault":   {good, none, false, "", ""},
		"no answer, of its own":         {good, none, true, "", "no answer on one side"},
		"no answer before, of its own":  {none, seen, true, "", "no answer on one side"},
		"it says what nobody can see":   {good, none, false, "good → fine", "the verdict is conforms, then inconclusive"},
		"it says what the verdict says": {good, bad, true, "good → bad", "the verdict is conforms, then deviates"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			err := Unproven(c.healthy, c.faulty, c.own, c.observes)
			if c.want == "" {
				g.Expect(err).NotTo(gomega.HaveOccurred())
				return
			}
			g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(c.want)))
		})
	}
}
