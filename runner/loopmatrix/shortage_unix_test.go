//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestShortOfDescriptors runs with so few descriptors that most of what is dialled can't be:
// nothing of it is an answer.
func TestShortOfDescriptors(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	c := prepared("run", "--quiet", "--wire", "off", "--claims", "v4.closed.refused,v4.block.delivery.tcp", "--out", path)
	limited := exec.Command("/bin/sh", append([]string{"-c", `ulimit -n 32 && exec "$@"`, "sh"}, c.Args...)...)
	limited.Env = c.Env
	r := end(t, limited)
	g.Expect(r.code).To(gomega.Equal(exitKit), r.stderr)
	g.Expect(r.stderr).To(gomega.ContainSubstring("no claim has a sure answer: the kit ran out of file descriptors"))
	ids := 0
	for _, result := range partial(t, path).Results {
		if result.Claim == "v4.closed.refused" || result.Claim == "v4.block.delivery.tcp" {
			g.Expect(result.Verdict).To(gomega.Equal(claim.Inconclusive), "%s: %s", result.Claim, result.Behaviour)
			g.Expect(result.Reason).To(gomega.ContainSubstring("ran out of file descriptors"))
			ids++
		}
	}
	g.Expect(ids).To(gomega.Equal(2))
}
