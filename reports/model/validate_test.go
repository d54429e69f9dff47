package model

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestValidateNamesThePlace(t *testing.T) {
	for want, spoil := range map[string]func(*Report){
		`schema: version 3 is unknown; this kit reads 1 and 2`:                func(r *Report) { r.Schema = 3 },
		`kit.version: it is missing`:                                          func(r *Report) { r.Kit.Version = "" },
		`platform.id: "../etc" is no id of a platform; it takes lower`:        func(r *Report) { r.Platform.ID = "../etc" },
		`platform.id: "linux-\x1b[2J"`:                                        func(r *Report) { r.Platform.ID = "linux-\x1b[2J" },
		`platform.id: "Linux-6"`:                                              func(r *Report) { r.Platform.ID = "Linux-6" },
		`platform.id: "nul.x-a"`:                                              func(r *Report) { r.Platform.ID = "nul.x-a" },
		`platform.title: it is missing`:                                       func(r *Report) { r.Platform.Title = "" },
		`platform.title: "a\ab" holds control characters`:                     func(r *Report) { r.Platform.Title = "a\ab" },
		`platform.kernel: "a\u202eb" holds control characters`:                func(r *Report) { r.Platform.Kernel = "a\u202eb" },
		`platform.family: "" is no word such as "linux"`:                      func(r *Report) { r.Platform.Family = "" },
		`platform.arch: "x 86"`:                                               func(r *Report) { r.Platform.Arch = "x 86" },
		`platform.environment: "VM"`:                                          func(r *Report) { r.Platform.Environment = "VM" },
		`run.id: it is missing`:                                               func(r *Report) { r.Run.ID = "" },
		`run.started: it is missing`:                                          func(r *Report) { r.Run.Started = time.Time{} },
		`run.started: 2026-03-04T06:06:07+01:00 is not in UTC`:                func(r *Report) { r.Run.Started = r.Run.Started.In(time.FixedZone("", 3600)) },
		`run.duration_ms: -1 is negative`:                                     func(r *Report) { r.Run.DurationMillis = -1 },
		`run.repeat: 0 is less than 1`:                                        func(r *Report) { r.Run.Repeat = 0 },
		`run.duration_ms: 9223372036854775807 is more than a year`:            func(r *Report) { r.Run.DurationMillis = 1<<63 - 1 },
		`run.repeat: 16777217 is more than a run can make`:                    func(r *Report) { r.Run.Repeat = 1<<24 + 1 },
		`outside.target: "ssh:me@there" is no target such as "kernel"`:        func(r *Report) { r.Outside.Target = "ssh:me@there" },
		`outside.target: "kernel:/tmp/x" is no target`:                        func(r *Report) { r.Outside.Target = "kernel:/tmp/x" },
		`outside.how: "a\nb" holds control characters`:                        func(r *Report) { r.Outside.How = "a\nb" },
		`results[0].claim: "v4.mist" is no claim of this catalogue; near it:`: func(r *Report) { r.Results[0].Claim = "v4.mist" },
		`results[0].claim: "brand-new" is no claim of this catalogue; is the`: func(r *Report) { r.Results[0].Claim = "brand-new" },
		`results[1].claim: "v4.must" has a result already, results[0]`:        func(r *Report) { r.Results[1] = r.Results[0] },
		`results[0].verdict: "maybe" is no verdict; one of not-run, observed, conforms, deviates, inconclusive`: func(r *Report) { r.Results[0].Verdict = "maybe" },
		`results[0].verdict: observed can't be at level MUST, which is judged`:                                  func(r *Report) { r.Results[0].Verdict = claim.Observed },
		`results[1].verdict: conforms can't be at level FOLK, which is only observed`:                           func(r *Report) { r.Results[1].Verdict = claim.Conforms },
		`results[0].behaviour: "perhaps" is no behaviour of v4.must; one of yes, no`:                            func(r *Report) { r.Results[0].Behaviour = "perhaps" },
		`results[0].observations: conforms without an observation`:                                              func(r *Report) { r.Results[0].Observations = nil },
		`results[2].behaviour: not-run has no behaviour, not "yes"`:                                             func(r *Report) { r.Results[2].Behaviour = "yes" },
		`results[2].reason: not-run needs a reason`:                                                             func(r *Report) { r.Results[2].Reason = "" },
		`results[0].observations[0].op: it is missing`:                                                          func(r *Report) { r.Results[0].Observations[0].Op = "" },
		`results[0].observations[0].count: 0 is less than 1`:                                                    func(r *Report) { r.Results[0].Observations[0].Count = 0 },
		`results[0].observations[0].count: 16777217 is more than a run can make`:                                func(r *Report) { r.Results[0].Observations[0].Count = maxCount + 1 },
		`run.started: 9999 is no year of a run`:                                                                 func(r *Report) { r.Run.Started = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) },
		`results[0].observations[0].outcome: "fine" is no outcome; one of ok, refused`:                          func(r *Report) { r.Results[0].Observations[0].Outcome = "fine" },
		`results[0].evidence[0].kind: "P CAP"`:                                                                  func(r *Report) { r.Results[0].Evidence[0].Kind = "P CAP" },
		`results[0].evidence[0].name: "../x" is no plain file name`:                                             func(r *Report) { r.Results[0].Evidence[0].Name = "../x" },
		`results[0].evidence[0].sha256: "abc" is no SHA-256`:                                                    func(r *Report) { r.Results[0].Evidence[0].SHA256 = "abc" },
		`results[1].runs.n: 0 is less than 1`:                                                                   func(r *Report) { r.Results[1].Runs = Runs{} },
		`results[1].runs.same: 6 is not from 1 to n, which is 5`:                                                func(r *Report) { r.Results[1].Runs.Same = 6 },
		`results[0].runs.also: they are 2 runs, but n - same is 1`:                                              func(r *Report) { r.Results[0].Runs.Also[0].Times = 2 },
		`results[0].runs.also[0].times: 0 is less than 1`:                                                       func(r *Report) { r.Results[0].Runs.Also[0].Times = 0 },
		`results[0].runs.also[0].verdict: "" is no verdict`:                                                     func(r *Report) { r.Results[0].Runs.Also[0].Verdict = "" },
		`results[0].runs.also[0].behaviour: "x" is no behaviour of v4.must`:                                     func(r *Report) { r.Results[0].Runs.Also[0].Behaviour = "x" },
		`sweeps[0].protocol: "sctp" is none of udp, bind, tcp, icmp`:                                            func(r *Report) { r.Sweeps[0].Protocol = "sctp" },
		`sweeps[0].addresses: -1 is not from 0 to 16777216`:                                                     func(r *Report) { r.Sweeps[0].Addresses = -1 },
		`sweeps[0].delivered: 16777217 is not from 0 to addresses`:                                              func(r *Report) { r.Sweeps[0].Delivered = 1<<24 + 1 },
		`sweeps[0].seconds: -1 is negative`:                                                                     func(r *Report) { r.Sweeps[0].Seconds = -1 },
		`sweeps[0].exceptions[0].cidr: "10.0.0.0/8" is no part of 127.0.0.0/8`:                                  func(r *Report) { r.Sweeps[0].Exceptions[0].CIDR = "10.0.0.0/8" },
		`sweeps[0].exceptions[0].cidr: "127.0.0.0/7" is no part`:                                                func(r *Report) { r.Sweeps[0].Exceptions[0].CIDR = "127.0.0.0/7" },
		`sweeps[0].prefix: "127.0.0.1/8" is no part of 127.0.0.0/8`:                                             func(r *Report) { r.Sweeps[0].Prefix = "127.0.0.1/8" },
		`sweeps[0].late: 16777215 is not from 0 to delivered, which is 16777214`:                                func(r *Report) { r.Sweeps[0].Late = 1<<24 - 1 },
		`sweeps[0].exceptions: they are 1 addresses, but addresses - delivered is 2`:                            func(r *Report) { r.Sweeps[0].Exceptions = r.Sweeps[0].Exceptions[1:] },
		`sweeps[0].left: 16777216 addresses were asked and 256 are left, but 127.0.0.0/8 has 16777216`:          func(r *Report) { r.Sweeps[0].Left = []string{"127.3.0.0/24"} },
		`sweeps[0].left[0]: 127.255.255.0/24 is in`:                                                             func(r *Report) { r.Sweeps[0].Left = []string{"127.255.255.0/24", "127.255.0.0/16"} },
		`sweeps[0].exceptions[0].outcome: "" is no outcome`:                                                     func(r *Report) { r.Sweeps[0].Exceptions[0].Outcome = "" },
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			r := good()
			spoil(&r)
			r.File = "r.json"
			g.Expect(r.Validate(catalogue())).To(gomega.MatchError(gomega.ContainSubstring("r.json: " + want)))
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	r.File, r.Kit.Version, r.Run.Repeat, r.Results[0].Verdict, r.Results[1].Behaviour = "r.json", "", 0, "maybe", "x"
	err := r.Validate(catalogue())
	all, is := errors.AsType[*multierror.Error](err)
	g.Expect(is).To(gomega.BeTrue())
	g.Expect(all.Errors).To(gomega.HaveLen(4))
	g.Expect(strings.Split(err.Error(), "\n")).To(gomega.HaveLen(4), "a line each")
	p, is := errors.AsType[Problem](err)
	g.Expect(is).To(gomega.BeTrue())
	g.Expect(p).To(gomega.Equal(Problem{"r.json", "kit.version", "it is missing"}))
	r.Results[0].Verdict = claim.Verdict(strings.Repeat("long", 1<<20))
	g.Expect(len(r.Validate(catalogue()).Error())).To(gomega.BeNumerically("<", 10000))
	for range 200 {
		r.Results = append(r.Results, Result{})
	}
	g.Expect(r.Validate(catalogue()).Error()).To(gomega.MatchRegexp(`\nand \d+ more$`))
}

func TestAnOlderReportIsValidAndNotComplete(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	r.File, r.Results = "r.json", r.Results[:1]
	g.Expect(r.Validate(catalogue())).To(gomega.Succeed())
	g.Expect(r.Check(catalogue())).To(gomega.MatchError("r.json: results: there is none for v4.folk, exempt.draft; measure again with this version of the kit"))
}

func TestVerdictsMustFollowFromObservations(t *testing.T) {
	for want, spoil := range map[string]func(*Report){
		"": func(*Report) {},
		`results[0].verdict: it is conforms, but the observations of v4.must make it deviates`:        func(r *Report) { r.Results[0].Observations[0].Outcome = observation.Timeout },
		`results[1].behaviour: it is "no", but the observations of v4.folk make it "yes" (all`:        func(r *Report) { r.Results[1].Observations[0].Outcome = observation.OK },
		`results[0].verdict: it is conforms, but the observations of v4.must make it inconclusive (n`: func(r *Report) { r.Results[0].Observations[0].Op = "connect" },
		`inconclusive (the rule of v4.must panicked: an odd value)`:                                   func(r *Report) { r.Results[0].Observations[0].Value = "panic" },
		`results[0].verdict: it is inconclusive, but the observations of v4.must make it conforms`: func(r *Report) {
			r.Results[0].Finding = claim.Finding{Verdict: claim.Inconclusive, Reason: "I could not tell"}
		},
		`results[2].verdict: it is observed, but the observations of exempt.draft make it inconclusive (nothing was observed)`: func(r *Report) {
			r.Results[2].Finding, r.Results[2].Observations = claim.Finding{Verdict: claim.Observed, Behaviour: "yes"}, bound(observation.OK)
		},
		`results[0].verdict: "maybe" is no verdict`: func(r *Report) { r.Results[0].Verdict = "maybe" },
		`conforms without an observation`:           func(r *Report) { r.Results[0].Observations = nil },
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			r := good()
			r.File = "r.json"
			spoil(&r)
			if err := r.Check(catalogue()); want == "" {
				g.Expect(err).NotTo(gomega.HaveOccurred())
			} else {
				g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
			}
		})
	}
}

func TestWhatBrokeOffStaysAsItIs(t *testing.T) {
	g := gomega.NewWithT(t)
	entry := catalogue()[0]
	for _, r := range []Result{
		{Finding: claim.Finding{Verdict: claim.NotRun, Reason: "EPERM"}, Observations: bound(observation.OK)},
		{Finding: claim.Finding{Verdict: claim.Inconclusive, Reason: "too slow"}},
		{Finding: claim.Finding{Verdict: claim.Inconclusive, Reason: "no marker"}, Observations: observation.Set{{Op: "precondition", Outcome: observation.Failed, Count: 1}}},
	} {
		g.Expect(r.Judge(entry)).To(gomega.Equal(r.Finding))
	}
}
