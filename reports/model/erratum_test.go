package model

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// wrong is an erratum that is right.
func wrong() Erratum {
	return Erratum{Claim: "v4.one", Platforms: []string{"netbsd-*"}, Kits: []string{"4eb*"}, Shows: "no", Reason: "It says yes.", Link: "https://example.net", Day: "2026-12-01"}
}

func TestErrataAreValidated(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Errata{Schema: 1, Errata: []Erratum{wrong()}}.Validate("f", documentedCatalogue())).To(gomega.Succeed())
	for problem, change := range map[string]func(*Erratum){
		`errata[0].claim: there is no claim "v4.three"`:           func(e *Erratum) { e.Claim = "v4.three" },
		`errata[0].shows: v4.one can't show "perhaps"`:            func(e *Erratum) { e.Shows = "perhaps" },
		`errata[0]: platforms and kits are wanted`:                func(e *Erratum) { e.Kits = nil },
		`errata[0]: "[" is no pattern`:                            func(e *Erratum) { e.Platforms = []string{"["} },
		`errata[0].day: "today" is no day`:                        func(e *Erratum) { e.Day = "today" },
		`errata[0].reason: it is missing`:                         func(e *Erratum) { e.Reason = "" },
		`errata[0].link: "http://example.net" is no address that`: func(e *Erratum) { e.Link = "http://example.net" },
	} {
		e := wrong()
		change(&e)
		g.Expect(Errata{Schema: 1, Errata: []Erratum{e}}.Validate("f", documentedCatalogue())).To(gomega.MatchError(gomega.ContainSubstring("f: "+problem)), problem)
	}
	_, err := DecodeErrata([]byte(`{"schema": 1, "errata": [{"why": ""}]}`), "f", documentedCatalogue())
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("f: errata[0].why: ")))
}

// TestWhatAnErratumWithdraws changes one thing after the other that an erratum is about.
func TestWhatAnErratumWithdraws(t *testing.T) {
	g := gomega.NewWithT(t)
	r := Report{Kit: Kit{Version: "4eb2efd"}, Platform: Platform{ID: "netbsd-9.1-vm-amd64"}}
	result := Result{Claim: "v4.one", Finding: claim.Finding{Verdict: claim.Deviates, Behaviour: "no"}}
	g.Expect(wrong().Withdraws(r, result)).To(gomega.BeTrue())
	later := r
	later.Added = []Addition{{Kit: Kit{Version: "v0.2.0"}, Claims: []string{"v4.one"}}}
	g.Expect(wrong().Withdraws(later, result)).To(gomega.BeFalse(), "a repaired kit measured it")
	other := r
	other.Platform.ID = "freebsd-12.1-vm-amd64"
	g.Expect(wrong().Withdraws(other, result)).To(gomega.BeFalse())
	result.Behaviour = "yes"
	g.Expect(wrong().Withdraws(r, result)).To(gomega.BeFalse(), "the rules of today judge it rightly")
}
