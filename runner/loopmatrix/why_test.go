package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
)

// TestWhyAnswers asks about an address, a name and a claim on this machine, however it is set up.
func TestWhyAnswers(t *testing.T) {
	t.Parallel()
	g := gomega.NewWithT(t)
	for asked, want := range map[string]struct{ first, elsewhere string }{
		"":              {},
		"127.0.0.1":     {"v4.addr1.delivery", "v4.addr1.delivery"},
		"127.0.0.2":     {"v4.block.bind", "v4.block.bind"},
		"127.255.0.9":   {"v4.block.bind", "v4.block.bind"},
		"127.0.0.0":     {"v4.edge.low", "v4.edge.low"},
		"127.0.0.255":   {"v4.block.bind", "v4.block.bind"},
		"::1":           {"v6.lo.delivery", "v6.lo.delivery"},
		"localhost":     {"name.localhost.order", "name.localhost.order"},
		"foo.localhost": {"name.sub", "name.sub"},
		"v6.wild.dual":  {"v6.wild.dual", "v6.wild.dual"},
	} {
		r := loopmatrix(t, append([]string{"why", "--format", "json"}, strings.Fields(asked)...)...)
		g.Expect(r.code).To(gomega.BeElementOf(exitFine, exitDeviates, exitKit), "%s: %s", asked, r.stderr)
		g.Expect(r.stderr).To(gomega.BeEmpty(), asked)
		var e explanation
		g.Expect(json.Unmarshal([]byte(r.stdout), &e)).To(gomega.Succeed(), asked)
		g.Expect(e.Asked).To(gomega.Equal(asked))
		g.Expect(e.Machine).To(gomega.HaveLen(2), asked)
		if want.first == "" {
			g.Expect(e.Here).To(gomega.BeEmpty())
			continue
		}
		g.Expect(e.Here[0].Claim).To(gomega.Equal(want.first), asked)
		g.Expect(e.Here[0].Answer).NotTo(gomega.BeEmpty(), asked)
		g.Expect(e.Elsewhere).To(gomega.ContainElement(gomega.HaveField("Claim", want.elsewhere)), asked)
	}
}

func TestWhyRefuses(t *testing.T) {
	t.Parallel()
	g := gomega.NewWithT(t)
	for asked, says := range map[string]string{
		"192.0.2.1":   "192.0.2.1 is no loopback address; it takes one of 127.0.0.0/8, ::1, a name, or the id of a claim",
		"::2":         "::2 is no loopback address",
		"v4.bogus":    `there is no claim "v4.bogus"; loopmatrix claims lists them`,
		"a b":         `"a b" is no address, no name and no claim`,
		"127.0.0.1/8": `"127.0.0.1/8" is no address, no name and no claim`,
	} {
		r := loopmatrix(t, "why", asked)
		g.Expect(r.code).To(gomega.Equal(exitUsage), asked)
		g.Expect(r.stderr).To(gomega.ContainSubstring(says), asked)
	}
}

// TestExplanation makes sure that the text and the commands to mend it say all that was found.
func TestExplanation(t *testing.T) {
	g := gomega.NewWithT(t)
	e := explanation{Platform: "a system", Asked: "localhost", Addresses: "::1 127.0.0.1, by getent",
		Causes: []cause.Found{{ID: "lo-down", Says: "lo is down.", Seen: []string{"if.lo.up: down"}, More: "ip addr", Remedy: "ip link set lo up", Tried: true, Unless: "it is gone"},
			{ID: "sandbox", Says: "A sandbox.", Seen: []string{"it"}}, {ID: "x", Says: "X.", Remedy: "mend x"}},
		Here:      []hereAnswer{{"v6.lo.delivery", "Does ::1 work?", "deviates", "no"}},
		Elsewhere: []elsewhereAnswer{{"v6.lo.delivery", "Linux", "measured", "yes", "conforms"}, {"v6.lo.delivery", "macOS", "documented", "yes, it says", ""}},
		Machine:   []exposure.Answer{{Question: "Open?", Verdict: exposure.Yes, Causes: []exposure.Cause{{Says: "It is open.", Remedy: "close it"}}}}}
	g.Expect(e.text(render.Terminal{ASCII: true})).To(gomega.Equal(`a system

X lo is down. (lo-down)
    seen: if.lo.up: down
    see more: ip addr
    mend it: ip link set lo up (tried on Linux: it mends this, unless it is gone)
X A sandbox. (sandbox)
    seen: it
X X. (x)
    mend it: mend x (not tried)

localhost here
  ::1 127.0.0.1, by getent
  Does ::1 work?
    X no

Elsewhere (v6.lo.delivery)
  + Linux: yes
  ~ macOS: yes, it says

Does loopback stay inside this machine, as it is?
  Open?
    X Yes
      It is open.
        close it
`))
	g.Expect(e.fixes()).To(gomega.Equal("# lo is down.\n# tried on Linux: it mends this, unless it is gone\nip link set lo up\n# A sandbox.\n# no command for this system is known\n" +
		"# X.\n# not tried\nmend x\n# It is open.\nclose it\n"))
	g.Expect(explanation{}.text(render.Terminal{})).To(gomega.ContainSubstring("✓ No cause for trouble with loopback was found."))
}
