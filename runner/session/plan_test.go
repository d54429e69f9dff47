package session

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// TestPlansRefused has options that can't work, each with words that say so and name the flag.
func TestPlansRefused(t *testing.T) {
	dir := t.TempDir()
	_, path := lacking(t, dir, 1)
	_, whole := lacking(t, t.TempDir(), 0)
	edited, matrix := filepath.Join(t.TempDir(), "edited.json"), filepath.Join(t.TempDir(), "matrix.json")
	r, err := model.Read(path, claim.Catalogue())
	gomega.NewWithT(t).Expect(err).NotTo(gomega.HaveOccurred())
	r.Run.Seed++
	gomega.NewWithT(t).Expect(model.Write(edited, r)).To(gomega.Succeed())
	gomega.NewWithT(t).Expect(os.WriteFile(matrix, []byte(`{"schema":1,"cells":{}}`), 0o600)).To(gomega.Succeed())
	absent := filepath.Join(dir, "absent.json")
	for want, change := range map[string]func(*Options){
		"--repeat 0: it takes a number of at least 1":                                   func(o *Options) { o.Repeat = 0 },
		`--wire "maybe": it takes auto, off, required`:                                  func(o *Options) { o.Wire = "maybe" },
		`"v4.blok.bind" picks no claim; near it: v4.bl`:                                 func(o *Options) { o.Claims = "v4.blok.bind,nonsense" },
		"\n\"nonsense\" picks no claim":                                                 func(o *Options) { o.Claims = "v4.blok.bind,nonsense" },
		`"[" picks no claim; it takes ids with globs, or`:                               func(o *Options) { o.Claims = "[" },
		`--label-filter: "level:must &&": Unexpected EOF.`:                              func(o *Options) { o.Labels = "level:must &&" },
		`--label-filter: "level:perhaps" selects no claim; the labels are id:, family:`: func(o *Options) { o.Labels = "level:perhaps" },
		"--memory-share 0: it takes a number of percent":                                func(o *Options) { o.MemoryShare = 0 },
		"--memory-share -1":                             func(o *Options) { o.MemoryShare = -1 },
		"--memory-share 101":                            func(o *Options) { o.MemoryShare = 101 },
		`--sweep "sctp": it takes udp, bind, tcp, icmp`: func(o *Options) { o.Sweep = "sctp" },

		"--resume: " + absent + ": there is no such file":   func(o *Options) { o.Resume = absent },
		"--resume: " + edited + ": run: it is not":          func(o *Options) { o.Resume = edited },
		"leave --claims, --repeat, --pcap and --target out": func(o *Options) { o.Resume, o.Repeat = path, 2 },
		"--repeat, --pcap and --target out":                 func(o *Options) { o.Resume, o.Claims = path, "headline" },
		"--pcap and --target out":                           func(o *Options) { o.Resume, o.Capture = path, true },
		"and --target out":                                  func(o *Options) { o.Resume, o.Targets = path, true },

		"--complete measures the claims that a report lacks": func(o *Options) { o.Complete, o.Claims = path, "headline" },
		"and nothing else":                                          func(o *Options) { o.Complete, o.Sweep = path, "udp" },
		"leave --claims, --resume and --sweep out":                  func(o *Options) { o.Complete, o.Resume = path, path },
		"--complete: " + absent + ": there is no such file":         func(o *Options) { o.Complete = absent },
		"is not what the kit":                                       func(o *Options) { o.Complete = edited },
		"no report there lacks a claim of this kit; there is nothi": func(o *Options) { o.Complete = whole },
		"it is a matrix; name a report":                             func(o *Options) { o.Complete = matrix },
	} {
		o := Defaults()
		change(&o)
		_, err := o.Plan()
		g := gomega.NewWithT(t)
		g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(want)))
		g.Expect(err).To(gomega.BeAssignableToTypeOf(Usage{}), "%v", err)
	}
}

// TestCapturesThatCannotBeAddedTo has reports beside which their capture is missing or another,
// which matters only where something is captured.
func TestCapturesThatCannotBeAddedTo(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	r, path := lacking(t, dir, 1)
	r.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: CaptureName(r), SHA256: hash("frames")}}
	rewrite(t, path, r)
	capture := filepath.Join(dir, CaptureName(r))
	o := Defaults()
	o.Complete = path
	_, err := o.Plan()
	g.Expect(err).NotTo(gomega.HaveOccurred(), "nothing is captured")
	o.Capture = true
	_, err = o.Plan()
	g.Expect(err).To(gomega.MatchError(gomega.And(gomega.ContainSubstring("--complete: "+capture+": there is no such file"), gomega.ContainSubstring("is added to it"))))
	g.Expect(os.WriteFile(capture, []byte("others"), 0o600)).To(gomega.Succeed())
	_, err = o.Plan()
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("beside it, " + CaptureName(r) + " is not the file that it names")))
	g.Expect(os.WriteFile(capture, []byte("frames"), 0o600)).To(gomega.Succeed())
	p, err := o.Plan()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(p.captures).To(gomega.HaveKeyWithValue(r.Platform.ID, []byte("frames")))
}

func TestPlans(t *testing.T) {
	g := gomega.NewWithT(t)
	plan := func(change func(*Options)) Plan {
		o := Defaults()
		change(&o)
		p, err := o.Plan()
		g.Expect(err).NotTo(gomega.HaveOccurred())
		return p
	}
	usual := plan(func(*Options) {})
	g.Expect(usual.selected).To(gomega.HaveLen(len(claim.Catalogue())))
	g.Expect(usual.Seed).NotTo(gomega.BeZero(), "a new one")
	g.Expect(usual.Seed).NotTo(gomega.Equal(plan(func(*Options) {}).Seed))
	g.Expect(plan(func(o *Options) { o.Seed = 7 }).Seed).To(gomega.BeEquivalentTo(7))
	for _, expr := range []string{"headline", "must", "block,MUST-NOT"} {
		g.Expect(plan(func(o *Options) { o.Claims = expr }).selected).NotTo(gomega.BeEmpty(), expr)
	}
	for _, e := range plan(func(o *Options) { o.Claims, o.Labels = "block,ipv6", "level:must && !family:ipv6" }).selected {
		g.Expect(e.Family == claim.Block && e.Level == claim.Must).To(gomega.BeTrue(), e.ID)
	}
	g.Expect(plan(func(o *Options) { o.Claims = claim.Nothing }).selected).To(gomega.BeEmpty())
	said := plan(func(o *Options) { o.Seed, o.Claims, o.Wire, o.Repeat = 7, "must", WireOff, 3 })
	g.Expect(said.arguments(said.Repeat)).To(gomega.Equal([]string{"--wire", "off", "--seed", "7", "--repeat", "3", "--claims", "must"}))
	g.Expect(usual.arguments(1)).NotTo(gomega.ContainElement("--claims"), "some shells lose an empty word")
}

// TestResuming goes on with a report in which one claim was not come to.
func TestResuming(t *testing.T) {
	g := gomega.NewWithT(t)
	r, path := lacking(t, t.TempDir(), 0)
	r.Run.Seed = 42
	r.Results[3] = model.Result{Claim: r.Results[3].Claim, Observations: r.Results[3].Observations, Runs: r.Results[3].Runs,
		Finding: claim.Finding{Verdict: claim.NotRun, Reason: model.Interrupted}}
	rewrite(t, path, r)
	o := Defaults()
	o.Resume = path
	p, err := o.Plan()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(p.Seed).To(gomega.BeEquivalentTo(42))
	g.Expect(p.selected).To(gomega.ConsistOf(gomega.HaveField("ID", r.Results[3].Claim)))
	fresh := model.Report{Platform: r.Platform, Run: model.Run{DurationMillis: 5}, Results: []model.Result{
		{Claim: r.Results[3].Claim, Finding: claim.Finding{Verdict: claim.Observed}}, {Claim: r.Results[4].Claim, Finding: claim.Finding{Verdict: claim.NotRun}}}}
	whole, err := resume(r, fresh)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(whole.Results[0].Verdict).To(gomega.Equal(claim.Observed))
	g.Expect(whole.Results[1]).To(gomega.Equal(r.Results[4]), "what was measured stays")
	g.Expect(whole.Run.DurationMillis).To(gomega.Equal(r.Run.DurationMillis + 5))
	fresh.Platform.ID = "linux-1.0-elsewhere-vm-amd64"
	_, err = resume(r, fresh)
	g.Expect(err).To(gomega.BeAssignableToTypeOf(Usage{}), "a report of another platform does not go on")
}
