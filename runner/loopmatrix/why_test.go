package main

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/runner/exposure"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// TestWhyAnswers asks about an address, a name and a claim on this machine, however it is set up.
func TestWhyAnswers(t *testing.T) {
	t.Parallel()
	g := gomega.NewWithT(t)
	for asked, want := range map[string]struct{ first, elsewhere string }{
		"":                 {},
		"127.0.0.1":        {"v4.addr1.delivery", "v4.addr1.delivery"},
		"127.0.0.2":        {"v4.block.bind", "v4.block.bind"},
		"127.255.0.9":      {"v4.block.bind", "v4.block.bind"},
		"127.0.0.0":        {"v4.edge.low", "v4.edge.low"},
		"127.0.0.255":      {"v4.block.bind", "v4.block.bind"},
		"::1":              {"v6.lo.delivery", "v6.lo.delivery"},
		"::1%lo":           {"v6.lo.delivery", "v6.lo.delivery"},
		"::ffff:127.0.0.2": {"v4.block.bind", "v4.block.bind"},
		"localhost":        {"name.localhost.order", "name.localhost.order"},
		"foo.localhost":    {"name.sub", "name.sub"},
		"v6.wild.dual":     {"v6.wild.dual", "v6.wild.dual"},
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
    mend it: ip link set lo up
      tried on Linux: it mends this, unless it is gone
X A sandbox. (sandbox)
    seen: it
X X. (x)
    mend it: mend x
      not tried

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
        mend it: close it
`))
	g.Expect(e.fixes()).To(gomega.Equal("# lo is down.\n# tried on Linux: it mends this, unless it is gone\nip link set lo up\n# A sandbox.\n# no command for this system is known\n" +
		"# X.\n# not tried\nmend x\n# It is open.\nclose it\n"))
	e.Machine[0].Causes[0] = exposure.Cause{Says: "It is open.", More: "look"}
	g.Expect(e.fixes()).To(gomega.HaveSuffix("# It is open.\n# no command for it is known; this shows more: look\n"))
	g.Expect(e.exit()).To(gomega.Equal(exit{exitDeviates, nil}))
	unknown := explanation{Failing: []hereAnswer{{"v4.addr1.delivery", "Does 127.0.0.1 work at all?", claim.Inconclusive, "Unclear: it depends"}}}
	g.Expect(unknown.text(render.Terminal{})).To(gomega.HavePrefix("\n\n! No cause that is known here explains this:\n  Does 127.0.0.1 work at all?\n    ! Unclear: it depends\n"))
	g.Expect(unknown.exit()).To(gomega.Equal(exit{exitKit, nil}))
	unknown.Failing[0].Verdict = claim.Deviates
	g.Expect(unknown.exit()).To(gomega.Equal(exit{exitDeviates, nil}))
	g.Expect(explanation{}.exit()).To(gomega.Succeed())
	g.Expect(explanation{}.text(render.Terminal{})).To(gomega.ContainSubstring("✓ No cause for trouble with loopback was found."))
}

// TestAlone answers for the one address, whatever the other of the sample does.
func TestAlone(t *testing.T) {
	g := gomega.NewWithT(t)
	s := subject{address: netip.MustParseAddr("127.0.0.2")}
	seen := func(target string, outcome observation.Outcome, errno string) observation.Observation {
		return observation.Observation{Op: "connect", Proto: "tcp", Targets: []string{target}, Outcome: outcome, Errno: errno}
	}
	ask := func(id string, seen ...observation.Observation) string {
		a, is := s.alone(model.Result{Claim: id, Finding: claim.Finding{Verdict: claim.Deviates, Reason: "one of two"}, Observations: seen})
		g.Expect(is).To(gomega.BeTrue())
		return string(a.Verdict) + " " + a.Answer
	}
	const tcp, closed = "v4.block.delivery.tcp", "v4.closed.refused"
	g.Expect(ask(tcp, seen("127.0.0.1", observation.Timeout, ""), seen("127.0.0.2", observation.OK, ""))).To(gomega.Equal("conforms Yes"))
	g.Expect(ask(tcp, seen("127.0.0.1", observation.OK, ""), seen("127.0.0.2", observation.Timeout, ""))).To(gomega.Equal("deviates No: tcp timeout"))
	g.Expect(ask(tcp, seen("127.0.0.1", observation.OK, ""))).To(gomega.Equal("inconclusive Unclear: one of two"), "it was not tried")
	g.Expect(ask(closed, seen("127.0.0.2", observation.Unavailable, "EADDRNOTAVAIL"))).To(gomega.Equal("conforms Yes"))
	g.Expect(ask(closed, seen("127.0.0.2", observation.Timeout, ""))).To(gomega.Equal("deviates No: tcp timeout"))
	g.Expect(ask(closed, seen("127.0.0.2", observation.OK, ""))).To(gomega.Equal("deviates No: tcp it is answered"))
	_, is := s.alone(model.Result{Claim: "v6.lo.delivery"})
	g.Expect(is).To(gomega.BeFalse())
}
