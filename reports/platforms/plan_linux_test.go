package platforms

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestPlan compares the matrices of the workflow with the list.
func TestPlan(t *testing.T) {
	_, err := exec.LookPath("jq")
	unable.Skip(t, err)
	for _, c := range []struct {
		ids  string
		want func(Target) bool
	}{
		{"", func(Target) bool { return true }},
		{"^freebsd-", func(t Target) bool { return t.Family == "freebsd" }},
		{"nothing", func(Target) bool { return false }},
	} {
		t.Run(c.ids, func(t *testing.T) {
			g := gomega.NewWithT(t)
			want := map[string][]Target{"hosted": {}, "machines": {}}
			for _, target := range targets(t) {
				switch {
				case target.Runner == "" || target.Missing != "" || !c.want(target):
				case target.VM != nil:
					want["machines"] = append(want["machines"], target)
				default:
					want["hosted"] = append(want["hosted"], target)
				}
			}
			out, err := exec.CommandContext(t.Context(), "../../.github/scripts/plan", c.ids).Output()
			g.Expect(err).NotTo(gomega.HaveOccurred())
			got := map[string][]Target{}
			for line := range strings.Lines(string(out)) {
				name, list, _ := strings.Cut(strings.TrimSpace(line), "=")
				var matrix []Target
				g.Expect(json.Unmarshal([]byte(list), &matrix)).To(gomega.Succeed())
				got[name] = matrix
			}
			g.Expect(got).To(gomega.Equal(want))
		})
	}
}
