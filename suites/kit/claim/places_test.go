package claim

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func specHere(*host.Host) observation.Set { return nil }      // here: spec
func ruleHere(observation.Set) Answer     { return Answer{} } // here: rule

// TestPlaces finds spec and rule on their lines, each once.
func TestPlaces(t *testing.T) {
	g := gomega.NewWithT(t)
	_, file, line, _ := runtime.Caller(0)
	e := Entry{Claim: Claim{ID: "test.places", Rule: ruleHere}, Spec: specHere, Parts: []Part{{Spec: specHere}}, File: file, Line: line}
	g.Expect(e.Measured()).To(gomega.BeTrue())
	var got []string
	for _, p := range e.Places() {
		g.Expect(p.File).To(gomega.Equal("suites/kit/claim/places_test.go"))
		got = append(got, p.What)
	}
	g.Expect(got).To(gomega.Equal([]string{"declared", "spec", "rule"}))
	places := e.Places()
	g.Expect(places[1].Line + 1).To(gomega.Equal(places[2].Line))
	g.Expect(places[2].Line).To(gomega.BeNumerically("<", line))
	g.Expect(places[0].String()).To(gomega.Equal(fmt.Sprintf("declared    suites/kit/claim/places_test.go:%d", line)))
	g.Expect(Entry{}.Places()).To(gomega.HaveLen(1))
}

func TestFaultPlace(t *testing.T) {
	g := gomega.NewWithT(t)
	sources := fstest.MapFS{"a.go": {Data: []byte("package a\n")}, "b.go": {Data: []byte("package a\n\nvar all = []fault{{\n\tName:  \"lo.down\",\n}}\n")},
		"b.md": {Data: []byte(`Name: "other"`)}}
	g.Expect(FaultPlace("suites/x", sources, "lo.down")).To(gomega.Equal(Place{"fault", "suites/x/b.go", 4}))
	for _, name := range []string{"lo-down", "lo.dow", "other"} {
		g.Expect(FaultPlace("suites/x", sources, name)).To(gomega.Equal(Place{}), name)
	}
}

// TestNowAndThenIsNoAnswer gives an intermittent observation to a claim that has no word for it,
// and to one that has.
func TestNowAndThenIsNoAnswer(t *testing.T) {
	g := gomega.NewWithT(t)
	c := Claim{ID: "test.loss", Level: Impl, Behaviours: []Behaviour{{Word: "works"}}, Rule: func(observation.Set) Answer { return Answer{Word: "works", Clear: true} }}
	lossy := observation.Set{{Op: "send", Targets: []string{"127.0.0.2"}, Outcome: observation.OK, Count: 1}}
	g.Expect(Judge(c, lossy).Verdict).To(gomega.Equal(Observed), Judge(c, lossy).Reason)
	lossy[0].Outcome = "intermittent"
	is := Judge(c, lossy)
	g.Expect(is.Verdict).To(gomega.Equal(Inconclusive))
	g.Expect(strings.ToLower(is.Reason)).To(gomega.ContainSubstring("lossy"))
	c.Behaviours = append(c.Behaviours, Behaviour{Word: "intermittent"})
	g.Expect(Judge(c, lossy).Verdict).To(gomega.Equal(Observed), Judge(c, lossy).Reason)
}

func TestTurned(t *testing.T) {
	g := gomega.NewWithT(t)
	healthy := Finding{Verdict: Conforms, Behaviour: "yes", Reason: "one"}
	g.Expect(Turned(healthy, Finding{Verdict: Conforms, Behaviour: "yes", Reason: "two"})).To(gomega.BeFalse())
	g.Expect(Turned(healthy, Finding{Verdict: Deviates, Behaviour: "yes"})).To(gomega.BeTrue())
	g.Expect(Turned(healthy, Finding{Verdict: Conforms, Behaviour: "no"})).To(gomega.BeTrue())
}
