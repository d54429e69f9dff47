package model

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// written is an entry that is right.
func written() Documented {
	return Documented{Claim: "v4.one", System: "macos", Since: "10.5", Until: "15.5", Behaviour: "yes", Note: "So it is.", Confidence: "high", Read: "2026-11-30",
		Citations: []Citation{{Kind: "source", Title: "in.c", URL: "https://example.net/in.c", Where: "in.c:bind", Version: "15.5", Checked: true}}}
}

// documentedCatalogue is a headline with two words and one without.
func documentedCatalogue() []claim.Entry {
	words := []claim.Behaviour{{Word: "yes"}, {Word: "no"}, {Word: claim.AnyErrno}}
	return []claim.Entry{{Claim: claim.Claim{ID: "v4.one", Headline: true, Behaviours: words}}, {Claim: claim.Claim{ID: "v4.two", Behaviours: words}}}
}

func TestDocumentationIsValidated(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Documentation{Schema: 1, Entries: []Documented{written()}}.Validate("f", documentedCatalogue())).To(gomega.Succeed())
	for problem, change := range map[string]func(*Documentation){
		`entries[0].claim: there is no claim "v4.three"`:                  func(d *Documentation) { d.Entries[0].Claim = "v4.three" },
		`entries[0].behaviour: v4.one can't show "perhaps"`:               func(d *Documentation) { d.Entries[0].Behaviour = "perhaps" },
		`entries[0].system: "Mac OS" is no kind of system`:                func(d *Documentation) { d.Entries[0].System = "Mac OS" },
		`entries[0].since: "Lion" is no version`:                          func(d *Documentation) { d.Entries[0].Since = "Lion" },
		`entries[0].until: it is before since`:                            func(d *Documentation) { d.Entries[0].Until = "10.4.11" },
		`entries[0].confidence: it is one of [high medium low]`:           func(d *Documentation) { d.Entries[0].Confidence = "sure" },
		`entries[0].confidence: a run of the system's code in user space`: func(d *Documentation) { d.Entries[0].Citations[0].Kind = "stack-run" },
		`entries[0].read: "yesterday" is no day`:                          func(d *Documentation) { d.Entries[0].Read = "yesterday" },
		`entries[0].note: it is missing`:                                  func(d *Documentation) { d.Entries[0].Note = "" },
		`entries[0].citations: there are none`:                            func(d *Documentation) { d.Entries[0].Citations = nil },
		`entries[0].citations[0].kind: it is one of`:                      func(d *Documentation) { d.Entries[0].Citations[0].Kind = "hearsay" },
		`entries[0].citations[0].url: "http://example.net" is no address`: func(d *Documentation) { d.Entries[0].Citations[0].URL = "http://example.net" },
		`entries[0].citations[0]: title and version are wanted`:           func(d *Documentation) { d.Entries[0].Citations[0].Version = "" },
		`entries[0].derivedFrom: there is no other entry on "v4.two"`:     func(d *Documentation) { d.Entries[0].DerivedFrom = []string{"v4.two"} },
		`entries[1]: entries[0] says the same of the same versions`:       func(d *Documentation) { d.Entries = append(d.Entries, written()) },
		`entries[1].disputed: entries[0] says "yes" of the same versions`: func(d *Documentation) {
			other := written()
			other.Behaviour, other.Since, other.Until, other.Disputed = "no", "15", "", "a run on macOS 15"
			d.Entries = append(d.Entries, other)
		},
		`unanswered[0].claim: "v4.two" is no headline`: func(d *Documentation) { d.Unanswered[0].Claim = "v4.two" },
		`unanswered[0].reason: it is missing`:          func(d *Documentation) { d.Unanswered[0].Reason = "" },
		`unanswered[0]: an entry answers it`:           func(d *Documentation) { d.Unanswered[0].System = "macos" },
	} {
		d := Documentation{Schema: 1, Entries: []Documented{written()}, Unanswered: []Unanswered{{Claim: "v4.one", System: "windows", Reason: "No source."}}}
		change(&d)
		g.Expect(d.Validate("f", documentedCatalogue())).To(gomega.MatchError(gomega.ContainSubstring("f: "+problem)), problem)
	}
}

// TestDocumentationIsReadStrictly names a field that does not exist, and its place.
func TestDocumentationIsReadStrictly(t *testing.T) {
	g := gomega.NewWithT(t)
	text, err := Encode(Documentation{Schema: 1, Entries: []Documented{written()}})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	got, err := DecodeDocumentation(text, "f", documentedCatalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(got.Entries).To(gomega.Equal([]Documented{written()}))
	_, err = DecodeDocumentation([]byte(strings.Replace(string(text), `"note"`, `"notes"`, 1)), "f", documentedCatalogue())
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("f: entries[0].notes: ")))
}

func TestVersions(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, c := range []struct {
		a, b string
		want int
	}{{"10.5", "10.5", 0}, {"10.5", "10.10", -1}, {"15", "15.0", 0}, {"9.1", "11", -1}, {"10.0.26100", "10.0.22000", 1}} {
		g.Expect(CompareVersions(c.a, c.b)).To(gomega.Equal(c.want), c.a+" "+c.b)
		g.Expect(CompareVersions(c.b, c.a)).To(gomega.Equal(-c.want), c.a+" "+c.b)
	}
	e := written()
	e.Until = "15"
	for version, want := range map[string]bool{"10.4": false, "10.5": true, "11.6": true, "15": true, "15.5": true, "16": false, "26.1": false} {
		g.Expect(e.Holds(version)).To(gomega.Equal(want), version)
	}
	g.Expect(Platform{Family: "freebsd", Version: "12.1-STABLE"}.Release()).To(gomega.Equal("12.1"))
	g.Expect(Platform{Family: "windows", Version: "Windows 11 Pro 24H2", Kernel: "Windows NT 10.0.26100.4061"}.Release()).To(gomega.Equal("10.0.26100.4061"))
}

// TestAMeasurementReplaces looks at what a matrix still answers from documents, as columns of
// FreeBSD come in.
func TestAMeasurementReplaces(t *testing.T) {
	entry := func(behaviour, since, until string) Documented {
		e := written()
		e.System, e.Behaviour, e.Since, e.Until = "freebsd", behaviour, since, until
		return e
	}
	old, young := entry("yes", "10.4", "14"), entry("no", "15", "")
	condition := entry("no", "10.4", "14")
	condition.Condition = "an alias is there"
	derived := entry("yes", "10.4", "14")
	derived.Claim, derived.DerivedFrom = "v4.two", []string{"v4.one"}
	all := Documentation{Entries: []Documented{old, young, condition, derived}}
	for name, c := range map[string]struct {
		measured map[string]string // behaviours by version
		one, two []Documented
	}{
		"nothing measured":          {nil, []Documented{young}, []Documented{derived}},
		"an old one that agrees":    {map[string]string{"12.1": "yes"}, []Documented{young}, []Documented{derived}},
		"an old one that does not":  {map[string]string{"12.1": "no"}, nil, nil},
		"a new one that agrees":     {map[string]string{"15.1": "no"}, nil, []Documented{derived}},
		"a new one that does not":   {map[string]string{"15.1": "yes"}, nil, []Documented{derived}},
		"one that could not answer": {map[string]string{"15.1": ""}, []Documented{young}, []Documented{derived}},
		"both":                      {map[string]string{"12.1": "yes", "15.1": "no"}, nil, []Documented{derived}},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			m := Matrix{Cells: map[string]map[string]*Cell{"v4.one": {}}}
			for version, behaviour := range c.measured {
				id := "freebsd-" + version + "-vm-amd64"
				m.Platforms = append(m.Platforms, Column{Platform: Platform{ID: id, Family: "freebsd", Version: version + "-RELEASE"}})
				m.Cells["v4.one"][id] = &Cell{Verdict: claim.Observed, Behaviour: behaviour}
			}
			m = m.With(all)
			g.Expect(m.Answer("v4.one", "freebsd")).To(gomega.Equal(c.one))
			g.Expect(m.Answer("v4.two", "freebsd")).To(gomega.Equal(c.two))
			g.Expect(m.Replaced(condition)).To(gomega.BeFalse())
			g.Expect(m.Answer("v4.one", "openbsd")).To(gomega.BeEmpty())
		})
	}
}
