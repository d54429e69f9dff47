package claim

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var errTried = errors.New("socket: EPERM (1)")

// entry is a claim with a spec.
func entry(id string, spec Spec) Entry {
	c := whole()
	c.ID = id
	return Entry{Claim: c, Spec: spec}
}

// specs are entries that end in every way a spec can end, by the verdict that it makes.
func specs() map[Verdict][]Entry {
	exempt := entry("test.exempt", nil)
	exempt.Exempt = "an expired draft"
	observed := entry("test.observed", func(*host.Host) observation.Set { return seen("yes") })
	observed.Level, observed.Headline = Folk, true
	return map[Verdict][]Entry{
		Conforms: {entry("test.conforms", func(*host.Host) observation.Set { return seen("yes") })},
		Deviates: {entry("test.deviates", func(*host.Host) observation.Set { return seen("no") })},
		Observed: {observed},
		NotRun:   {entry("test.untested", nil), exempt, entry("test.notrun", func(h *host.Host) observation.Set { h.NotRun("socket", errTried); return nil })},
		Inconclusive: {
			entry("test.empty", func(*host.Host) observation.Set { return nil }),
			entry("test.panic", func(*host.Host) observation.Set { panic("oops") }),
			entry("test.precondition", func(h *host.Host) observation.Set { h.Expect(1).To(gomega.Equal(2)); return seen("yes") }),
		},
	}
}

func TestMeasure(t *testing.T) {
	for verdict, entries := range specs() {
		for _, e := range entries {
			t.Run(e.ID, func(t *testing.T) {
				g := gomega.NewWithT(t)
				r := Measure(t.Context(), e, &host.Host{})
				g.Expect(r.Claim).To(gomega.Equal(e.ID))
				g.Expect(r.Verdict).To(gomega.Equal(verdict))
				g.Expect(r.Reason).NotTo(gomega.BeEmpty())
				if len(r.Observations) > 0 && verdict == Inconclusive {
					g.Expect(r.Observations.Op(Precondition)).To(gomega.HaveLen(1), "so that nobody judges it again")
				}
			})
		}
	}
}

// TestPreconditionInOneLine makes sure that a reason tells the error of a broken precondition, and
// not its value in Go.
func TestPreconditionInOneLine(t *testing.T) {
	err := sock.Errno("socket", "EMFILE", 24)
	for name, c := range map[string]struct {
		spec func(*host.Host)
		want string
	}{
		"an error":       {func(h *host.Host) { h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on %s", host.One) }, "the kit ran out of file descriptors: a listener on 127.0.0.1: socket: EMFILE (24)"},
		"no success":     {func(h *host.Host) { h.Expect(err).To(gomega.Succeed(), "a listener") }, "the kit ran out of file descriptors: a listener: socket: EMFILE (24)"},
		"no description": {func(h *host.Host) { h.Expect(err).NotTo(gomega.HaveOccurred()) }, "the kit ran out of file descriptors: socket: EMFILE (24)"},
		"several":        {func(h *host.Host) { h.Expect(multierror.Append(err, err)).NotTo(gomega.HaveOccurred(), "markers") }, "the kit ran out of file descriptors: markers: socket: EMFILE (24); socket: EMFILE (24)"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Measure(t.Context(), entry("test.precondition", func(h *host.Host) observation.Set { c.spec(h); return seen("yes") }), &host.Host{})
			gomega.NewWithT(t).Expect(r.Finding).To(gomega.Equal(Finding{Verdict: Inconclusive, Reason: "precondition: " + c.want}))
		})
	}
	r := Measure(t.Context(), entry("test.precondition", func(h *host.Host) observation.Set {
		h.Expect(error(nil)).NotTo(gomega.HaveOccurred(), "nothing")
		h.Expect(err).To(gomega.MatchError(err))
		return seen("yes")
	}), &host.Host{})
	gomega.NewWithT(t).Expect(r.Verdict).To(gomega.Equal(Conforms), r.Reason)
}

// TestShortage makes what the kit lacks no answer, wherever the spec notices it.
func TestShortage(t *testing.T) {
	g := gomega.NewWithT(t)
	r := Measure(t.Context(), entry("test.short", func(h *host.Host) observation.Set {
		h.NotRun("socket", sock.Errno("socket", "EMFILE", 24))
		return nil
	}), &host.Host{})
	g.Expect(r.Finding).To(gomega.Equal(Finding{Verdict: Inconclusive, Reason: "precondition: the kit ran out of file descriptors: socket: EMFILE (24)"}))
}

func TestNotRunCarriesTheProbesError(t *testing.T) {
	g := gomega.NewWithT(t)
	r := Measure(t.Context(), specs()[NotRun][2], &host.Host{})
	g.Expect(r.Reason).To(gomega.Equal(errTried.Error()))
	g.Expect(r.Observations).To(gomega.HaveLen(1))
	g.Expect(r.Observations[0].Op).To(gomega.Equal("socket"))
	g.Expect(Measure(t.Context(), specs()[NotRun][1], &host.Host{}).Reason).To(gomega.Equal("recorded, not tested: an expired draft"))
}

// TestReasonsHoldNoPath fails in each way in which an error becomes a reason, with one that names a
// file.
func TestReasonsHoldNoPath(t *testing.T) {
	failed := fmt.Errorf("private host: %w", &fs.PathError{Op: "fork/exec", Path: "/home/jane/loopmatrix", Err: syscall.ENOSPC})
	spec := func(*host.Host) observation.Set { return nil }
	cabled := Entry{Claim: whole(), Parts: []Part{{Name: "a", Spec: spec}}}
	for name, r := range map[string]Result{
		"probe": Measure(t.Context(), Entry{Claim: whole(), Spec: func(h *host.Host) observation.Set { h.NotRun("fork", failed); return nil }}, &host.Host{}),
		"panic": Measure(t.Context(), Entry{Claim: whole(), Spec: func(*host.Host) observation.Set { panic(failed) }}, &host.Host{}),
		"none":  Measure(t.Context(), cabled, &host.Host{Wire: failed}),
		"part":  Measure(t.Context(), cabled, &host.Host{Private: func(string, int, any) error { return failed }}),
	} {
		text := fmt.Sprintf("%+v", r)
		if strings.Contains(text, "jane") || !strings.Contains(r.Reason, "private host: fork/exec: ") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// silent takes the place of *testing.T, so that the specs which must fail don't fail the test.
type silent struct{ failed bool }

func (s *silent) Fail() { s.failed = true }

// TestDescribe runs all of them under ginkgo: what deviates passes, what did not run is skipped,
// what is inconclusive fails; and again strictly, where what deviates fails.
func TestDescribe(t *testing.T) {
	g := gomega.NewWithT(t)
	gomega.RegisterFailHandler(ginkgo.Fail)
	var entries []Entry
	for _, v := range Verdicts() {
		entries = append(entries, specs()[v]...)
	}
	got := map[string]Verdict{}
	for text, strict := range map[string]bool{"lenient": false, "strict": true} {
		Describe(text, entries, func() *host.Host { return &host.Host{} }, strict)
	}
	states := map[string]int{}
	ginkgo.ReportAfterEach(func(report ginkgo.SpecReport) {
		states[report.ContainerHierarchyTexts[0]+" "+report.State.String()]++
		r, measured := ResultOf(report)
		g.Expect(measured).To(gomega.BeTrue())
		got[r.Claim] = r.Verdict
	})
	how, reporter := ginkgo.GinkgoConfiguration()
	how.RandomizeAllSpecs, reporter.Succinct, reporter.NoColor = false, true, true
	result := &silent{}
	ginkgo.RunSpecs(result, "claims that end in every way", how, reporter)
	g.Expect(result.failed).To(gomega.BeTrue())
	g.Expect(got).To(gomega.HaveLen(len(entries)))
	g.Expect(states).To(gomega.Equal(map[string]int{"lenient passed": 3, "lenient skipped": 3, "lenient failed": 3,
		"strict passed": 2, "strict skipped": 3, "strict failed": 4}))
}

func TestLabels(t *testing.T) {
	c := specs()[Observed][0].Claim
	gomega.NewWithT(t).Expect(Labels(c)).To(gomega.Equal([]string{"id:test.observed", "family:block", "level:folk", "rfc:1122", "headline"}))
}

// parts is an entry whose parts show these words; "no" deviates, "" breaks off, "-" did not run.
func parts(words ...string) Entry {
	c := whole()
	c.Rule = func(seen observation.Set) Answer {
		if seen.Where(func(o observation.Observation) bool { return o.Value == "no" }).Count() > 0 {
			return Shows("no", "a part of %d", seen.Count())
		}
		return Shows("yes", "all %d", seen.Count())
	}
	e := Entry{Claim: c}
	for i, word := range words {
		e.Parts = append(e.Parts, Part{Name: string(rune('a' + i)), Spec: func(h *host.Host) observation.Set {
			switch word {
			case "":
				h.Expect(word).NotTo(gomega.BeEmpty())
			case "-":
				h.NotRun("socket", errTried)
			}
			return observation.Set{{Op: "send", Variant: "v", Outcome: observation.OK, Value: word, Count: 1}, {Op: "send", Outcome: observation.OK, Count: 1}}
		}})
	}
	return e
}

func TestMeasureParts(t *testing.T) {
	for name, c := range map[string]struct {
		words []string
		want  Finding
	}{
		"all":        {[]string{"yes", "yes"}, Finding{Verdict: Conforms, Behaviour: "yes", Reason: "all 4"}},
		"one of two": {[]string{"yes", "no"}, Finding{Verdict: Deviates, Behaviour: "no", Reason: "a part of 4"}},
		"not run":    {[]string{"yes", "-"}, Finding{Verdict: NotRun, Reason: "b: socket: EPERM (1)"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			e := parts(c.words...)
			r := Measure(t.Context(), e, privateHost(e))
			g.Expect(r.Finding).To(gomega.Equal(c.want))
			g.Expect(r.Observations.Variant("a, v")).To(gomega.HaveLen(1))
			g.Expect(r.Observations.Variant("a")).To(gomega.HaveLen(1))
		})
	}
	g := gomega.NewWithT(t)
	e := parts("yes", "")
	r := Measure(t.Context(), e, privateHost(e))
	g.Expect(r.Verdict).To(gomega.Equal(Inconclusive))
	g.Expect(r.Reason).To(gomega.HavePrefix("b: precondition: "))
	g.Expect(r.Observations.Op(Precondition)).To(gomega.HaveLen(1))
}

// privateHost stands for a namespace: it runs the part in this process.
func privateHost(e Entry) *host.Host {
	return &host.Host{Private: func(_ string, part int, result any) error {
		r, err := MeasurePart(context.Background(), e, part, &host.Host{})
		*result.(*Result) = r //nolint:forcetypeassert // Private's contract
		return err
	}}
}

func TestNoPrivateHost(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(Measure(t.Context(), parts("yes"), &host.Host{Wire: host.ErrNoWire}).Finding).
		To(gomega.Equal(Finding{Verdict: NotRun, Reason: host.ErrNoWire.Error()}))
	h := &host.Host{Private: func(string, int, any) error { return errTried }}
	g.Expect(Measure(t.Context(), parts("yes"), h).Finding).To(gomega.Equal(Finding{Verdict: NotRun, Reason: errTried.Error()}))
}

// TestPartsAreAnonymous proves that a part names no address that the host had before the kit came:
// where there are no private hosts, the machine itself takes their place.
func TestPartsAreAnonymous(t *testing.T) {
	g := gomega.NewWithT(t)
	e := parts("yes")
	e.Parts[0].Spec = func(*host.Host) observation.Set {
		return observation.Set{{Op: "send", Outcome: observation.OK, Value: "from 10.1.2.3 to 192.0.2.1", Count: 1, Calls: []string{"bind(10.1.2.3:0)"}}}
	}
	r, err := MeasurePart(context.Background(), e, 0, &host.Host{Own: []string{"10.1.2.3"}})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(r.Observations[0].Value).To(gomega.Equal("from " + observation.OwnAddress + " to 192.0.2.1"))
	g.Expect(r.Observations[0].Calls).To(gomega.Equal(observation.Transcript{"bind(" + observation.OwnAddress + ":0)"}))
}
