package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestFault puts one fault into private hosts, and compares the exit code with what is shown.
// Whether the fault turns what it must is for the tests of package privatehost.
func TestFault(t *testing.T) {
	unable.Long(t, "it measures every claim with a fault")
	_, err := privatehost.Probe()
	unable.Skip(t, err)
	g := gomega.NewWithT(t)
	fault := privatehost.Faults()[0]
	r := loopmatrix(t, "faults", fault.Name)
	g.Expect(r.code).To(gomega.BeElementOf(exitFine, exitDeviates), r.stderr)
	good, mark := 1, "✓"
	if r.code == exitDeviates {
		good, mark = 0, "✗"
	}
	g.Expect(r.stderr).To(gomega.BeEmpty())
	g.Expect(r.stdout).To(gomega.MatchRegexp(`^\d+ claims measured on a healthy private host\n`))
	g.Expect(r.stdout).To(gomega.ContainSubstring("\n" + mark + " " + fault.Name + ": " + fault.Does + "\n"))
	g.Expect(r.stdout).To(gomega.MatchRegexp(`\n1 faults?, %d as they should be\n$`, good))
}

func TestShowFault(t *testing.T) {
	g := gomega.NewWithT(t)
	var b strings.Builder
	showFault(&b, privatehost.Fault{Name: "lo down", Does: "lo is down", Turns: []string{"v4.a", "v4.b"}},
		privatehost.Judgement{Turned: []privatehost.Turn{{Claim: "v4.c"}}, Missed: []string{"v4.a", "v4.b"}, Moved: []string{"v4.c"}, Unproven: []string{"v4.d: it says nothing"}})
	g.Expect(b.String()).To(gomega.HavePrefix("\n✗ lo down: lo is down\n  had to turn 2, turned 1\n    " + fmt.Sprint(privatehost.Turn{Claim: "v4.c"}) + "\n"))
	g.Expect(b.String()).To(gomega.And(gomega.ContainSubstring("  did not turn: v4.a v4.b\n"), gomega.ContainSubstring("  turned, and should not have: v4.c\n"),
		gomega.ContainSubstring("  proves nothing about v4.d: it says nothing\n")))
}
