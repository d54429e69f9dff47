package claim

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// whole is a claim that lacks nothing.
func whole() Claim {
	return Claim{ID: "test.whole", Family: Block, Level: Must, Sentence: "It holds.", Question: "Does it hold?", Gates: []Gate{Unprivileged},
		Source: Source{References: []Reference{RFC(1122, "3.2.1.3(g)")}},
		Behaviours: []Behaviour{{Word: "yes", Means: "it does", Conforms: true}, {Word: "no", Means: "it does not"},
			{Word: AnyErrno, Means: "the error"}},
		NoFault: "it is made up",
		Rule:    func(seen observation.Set) Answer { return Shows(seen[0].Value, "read from %d", seen.Count()) }}
}

func seen(value string) observation.Set {
	return observation.Set{{Op: "bind", Outcome: observation.OK, Value: value, Count: 2}}
}

func TestJudge(t *testing.T) {
	unclear := func(observation.Set) Answer { return Unclear("only %d addresses", 1) }
	for name, c := range map[string]struct {
		seen  observation.Set
		level Level
		rule  Rule
		want  Finding
	}{
		"conforms":   {seen("yes"), Must, whole().Rule, Finding{Verdict: Conforms, Behaviour: "yes", Reason: "read from 2"}},
		"deviates":   {seen("no"), MustNot, whole().Rule, Finding{Verdict: Deviates, Behaviour: "no", Reason: "read from 2"}},
		"pattern":    {seen("EINVAL"), Stated, whole().Rule, Finding{Verdict: Deviates, Behaviour: "EINVAL", Reason: "read from 2"}},
		"observed":   {seen("yes"), Folk, whole().Rule, Finding{Verdict: Observed, Behaviour: "yes", Reason: "read from 2"}},
		"undeclared": {seen("perhaps"), Must, whole().Rule, Finding{Verdict: Inconclusive, Reason: `the rule of test.whole gave a behaviour that the claim does not declare: "perhaps"`}},
		"unclear":    {seen("yes"), Must, unclear, Finding{Verdict: Inconclusive, Reason: "only 1 addresses"}},
		"panic": {seen("yes"), Must, func(observation.Set) Answer { panic("an odd value") },
			Finding{Verdict: Inconclusive, Reason: "the rule of test.whole panicked: an odd value"}},
		"nothing": {nil, Must, whole().Rule, Finding{Verdict: Inconclusive, Reason: "nothing was observed"}},
		"no rule": {seen("yes"), Must, nil, Finding{Verdict: Inconclusive, Reason: "nothing was observed"}},
	} {
		t.Run(name, func(t *testing.T) {
			claim := whole()
			claim.Level, claim.Rule = c.level, c.rule
			gomega.NewWithT(t).Expect(Judge(claim, c.seen)).To(gomega.Equal(c.want))
		})
	}
}

// TestJudgeAShortage makes sure that what the kit ran out of decides no claim but those that count.
func TestJudgeAShortage(t *testing.T) {
	g := gomega.NewWithT(t)
	c := whole()
	short := append(seen("yes"), observation.Observation{Op: "connect", Targets: []string{"127.0.0.2"}, Outcome: observation.Exhausted, Errno: "EMFILE", Count: 1})
	g.Expect(Judge(c, short)).To(gomega.Equal(Finding{Verdict: Inconclusive,
		Reason: "the kit ran out of file descriptors: connect at 127.0.0.2 gave EMFILE"}))
	g.Expect(Judge(c, observation.Set{{Op: "echo", Outcome: observation.Exhausted, Value: "ping: exit status 127", Count: 1}}).Reason).
		To(gomega.Equal("the kit could not ask: echo: ping: exit status 127"))
	c.Counts = true
	g.Expect(Judge(c, short).Behaviour).To(gomega.Equal("yes"))
}

func TestBehaviourPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, word string
		matches       bool
	}{
		{AnyErrno, "EINVAL", true}, {AnyErrno, "E2BIG", true}, {AnyErrno, "E", false}, {AnyErrno, "einval", false}, {AnyErrno, "EVIL one", false}, {AnyErrno, "", false},
		{AnyNumber, "65536", true}, {AnyNumber, "0", true}, {AnyNumber, "-1", false}, {AnyNumber, "1.5", false}, {AnyNumber, "", false},
		{AnyText, "127.0.1.1, ::1", true}, {AnyText, "", false}, {AnyText, strings.Repeat("x", 61), false}, {AnyText, "a\x1bb", false}, {AnyText, "a\u202eb", false},
		{"plain", "plain", true}, {"plain", "other", false}, {AnyErrno, AnyErrno, false}, {AnyText, AnyNumber, true},
	} {
		_, got := Claim{Behaviours: []Behaviour{{Word: c.pattern}}}.Behaviour(c.word)
		gomega.NewWithT(t).Expect(got).To(gomega.Equal(c.matches), "%s against %q", c.pattern, c.word)
	}
	b, _ := Claim{Behaviours: []Behaviour{{Word: AnyText, Means: "any"}, {Word: "exact", Means: "exact"}}}.Behaviour("exact")
	gomega.NewWithT(t).Expect(b.Means).To(gomega.Equal("exact"), "exact words come before patterns")
}

func TestReferences(t *testing.T) {
	g := gomega.NewWithT(t)
	for section, url := range map[string]string{"": "", "3.2.1.3(g)": "#section-3.2.1.3", "3.10.7": "#section-3.10.7", "(g)": ""} {
		g.Expect(RFC(1122, section).URL).To(gomega.Equal("https://www.rfc-editor.org/rfc/rfc1122" + url))
	}
	g.Expect(RFC(1122, "3.2").String()).To(gomega.Equal("RFC 1122 3.2"))
	g.Expect(RFC(990, "").String()).To(gomega.Equal("RFC 990"))
}

func TestLevels(t *testing.T) {
	g := gomega.NewWithT(t)
	judged := map[Level]bool{Must: true, MustNot: true, Should: true, ShouldNot: true, Stated: true}
	for _, l := range Levels() {
		g.Expect(l.Judged()).To(gomega.Equal(judged[l]), string(l))
		g.Expect(l.Binding()).To(gomega.Equal(judged[l] && l != Stated), string(l))
	}
}

func TestCheck(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Check(whole())).To(gomega.Succeed())
	g.Expect(Check(Claim{ID: "exempt.x", Family: Block, Level: None, Sentence: "It was proposed.", Question: "Was it?", Exempt: "expired", NoFault: "it is not tested",
		Source: Source{Note: "a draft"}})).To(gomega.Succeed())
	for want, spoil := range map[string]func(*Claim){
		"the id must be lower case words with dots": func(c *Claim) { c.ID = "Test Whole" },
		"unknown family": func(c *Claim) { c.Family = "x" },
		"unknown level":  func(c *Claim) { c.Level = "must" },
		"no sentence":    func(c *Claim) { c.Sentence = "" },
		"the question must end in a question mark":                      func(c *Claim) { c.Question = "Tell me." },
		"neither Fault, the name of a fault that turns it, nor NoFault": func(c *Claim) { c.NoFault = "" },
		"both Fault and NoFault":                                        func(c *Claim) { c.Fault = "lo-down" },
		"no gate":                                                       func(c *Claim) { c.Gates = nil },
		"no source; folklore says in the note who says so":              func(c *Claim) { c.Source = Source{} },
		"no behaviours":                                                 func(c *Claim) { c.Behaviours = nil },
		"no behaviour conforms, at a level that is judged":              func(c *Claim) { c.Behaviours[0].Conforms = false },
		"a behaviour needs a word and a meaning":                        func(c *Claim) { c.Behaviours[0].Means = "" },
		"the behaviour yes is declared twice":                           func(c *Claim) { c.Behaviours = append(c.Behaviours, c.Behaviours[0]) },
		"unknown family\n\t* claim \"test.whole\": unknown level":       func(c *Claim) { c.Family, c.Level = "x", "x" },
		`claim "": the id must be lower case words with dots`:           func(c *Claim) { c.ID = "" },
		"no sentence\n\t* claim \"test.whole\": the question must":      func(c *Claim) { c.Sentence, c.Question = "", "" },
	} {
		c := whole()
		spoil(&c)
		g.Expect(Check(c)).To(gomega.MatchError(gomega.ContainSubstring(want)))
	}
}

// TestMistakesShowAtStart declares claims that the registry must refuse, and takes out the one that
// it accepts.
func TestMistakesShowAtStart(t *testing.T) {
	g := gomega.NewWithT(t)
	spec := func(*host.Host) observation.Set { return nil }
	t.Cleanup(func() { delete(registry, "test.whole") })
	g.Expect(func() { It(whole(), nil) }).To(gomega.PanicWith("claim test.whole: no spec; use Declare"))
	ruleless := whole()
	ruleless.Rule = nil
	g.Expect(func() { It(ruleless, spec) }).To(gomega.PanicWith("claim test.whole: no rule"))
	nameless := whole()
	nameless.ID = ""
	g.Expect(func() { Declare(nameless) }).To(gomega.PanicWith(gomega.ContainSubstring("the id must be")))
	g.Expect(It(whole(), spec).ID).To(gomega.Equal("test.whole"))
	g.Expect(func() { Declare(whole()) }).To(gomega.PanicWith("claim test.whole is declared twice"))
	second := whole()
	second.ID = "test.another"
	t.Cleanup(func() { delete(registry, second.ID) })
	Declare(second)
	known := whole()
	known.ID = "v4.addr1.delivery"
	t.Cleanup(func() { delete(registry, known.ID) })
	Declare(known)
	var ids []string
	for _, e := range Catalogue() {
		ids = append(ids, e.ID)
	}
	g.Expect(ids).To(gomega.Equal([]string{"v4.addr1.delivery", "test.another", "test.whole"}), "ids that are not in ids.txt yet come last")
}
