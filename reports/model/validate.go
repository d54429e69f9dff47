package model

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Validate says what is wrong with a report, all of it at once: words that the catalogue does not
// know, results that contradict themselves, ids that are not safe. A report from an older kit,
// which lacks claims or was judged by older rules, is valid; see Check.
func (r Report) Validate(catalogue []claim.Entry) error {
	p := &problems{file: r.File}
	p.unless(Readable(r.Schema), "schema", "%s", unreadable(r.Schema, r.readable()))
	p.subject("subject", r.Subject, ReportSubjects())
	p.unless(r.Kit.Version != "", "kit.version", "it is missing")
	p.platform("platform", r.Platform)
	p.run("run", r.Run)
	p.outside("outside", r.Outside)
	if len(r.Results) > maxResults {
		p.add("results", "they are %d, and the catalogue has %d claims", len(r.Results), len(catalogue))
		return p.all.ErrorOrNil()
	}
	known := index(catalogue)
	younger := p.catalogue(r, known)
	p.added(r)
	first := map[string]int{}
	for i, result := range r.Results {
		path := fmt.Sprintf("results[%d]", i)
		if j, twice := first[result.name()]; twice {
			p.add(path+".claim", "%q has a result already, results[%d]; remove one", result.Claim, j)
		} else {
			first[result.name()] = i
		}
		if younger[result.Claim] {
			continue // said once for all of them
		}
		p.result(path, result, known, catalogue)
	}
	for i, s := range r.Sweeps {
		p.sweep(fmt.Sprintf("sweeps[%d]", i), s)
	}
	p.capacity("capacity", r.Capacity)
	return p.all.ErrorOrNil()
}

func index(catalogue []claim.Entry) map[string]*claim.Entry {
	known := make(map[string]*claim.Entry, len(catalogue))
	for i := range catalogue {
		known[catalogue[i].ID] = &catalogue[i]
	}
	return known
}

var (
	// word is what stands for a kind of thing: lower case, no blanks, and short, since pages make
	// anchors of it.
	word = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	// architecture is a word of Go's for one, which may begin with a digit: 386.
	architecture = regexp.MustCompile(`^[a-z0-9]{2,40}$`)
)

func (p *problems) platform(at string, f Platform) {
	p.unless(ValidPlatformID(f.ID), at+".id", "%q is no id of a platform; it takes lower case letters, digits, dots and dashes, such as %q",
		f.ID, PlatformID("linux", "6.12-debian-13", "vm", "amd64"))
	p.unless(f.Title != "", at+".title", "it is missing")
	p.unless(word.MatchString(f.Family), at+".family", "%q is no word such as \"linux\"", f.Family)
	p.unless(architecture.MatchString(f.Arch), at+".arch", "%q is no architecture such as \"amd64\"", f.Arch)
	p.unless(word.MatchString(f.Environment), at+".environment", "%q is no word such as \"vm\"", f.Environment)
	for _, s := range []struct{ path, text string }{{"title", f.Title}, {"version", f.Version}, {"kernel", f.Kernel}, {"wire", f.Wire}} {
		p.unless(printable(s.text) == s.text, at+"."+s.path, "%q holds control characters", s.text)
	}
}

// maxResults is many times the catalogue of this kit, and of any that may come.
const maxResults = 1 << 12

// maxCount is how often the same can be seen in a run: as many addresses as the block has.
const maxCount = 1 << 24

// maxMillis is a year: longer than any run.
const maxMillis = 366 * 24 * 60 * 60 * 1000

func (p *problems) run(at string, r Run) {
	p.unless(r.ID != "", at+".id", "it is missing")
	p.unless(!r.Started.IsZero(), at+".started", "it is missing")
	p.unless(r.Started.Year() < 2100, at+".started", "%d is no year of a run", r.Started.Year())
	_, offset := r.Started.Zone()
	p.unless(offset == 0, at+".started", "%s is not in UTC", r.Started.Format("2006-01-02T15:04:05Z07:00"))
	p.unless(r.DurationMillis >= 0, at+".duration_ms", "%d is negative", r.DurationMillis)
	p.unless(r.DurationMillis <= maxMillis, at+".duration_ms", "%d is more than a year", r.DurationMillis)
	p.unless(r.Repeat <= maxCount, at+".repeat", "%d is more than a run can make", r.Repeat)
	p.unless(r.Repeat >= 1, at+".repeat", "%d is less than 1", r.Repeat)
	if r.Target != "" {
		p.target(at, r.Target)
	}
	p.how(at, r.How)
}

// target is a kind of target, and the name of what is public, such as a box: no path.
var target = regexp.MustCompile(`^[a-z]+(:[a-z0-9][a-z0-9.-]*)?$`)

func (p *problems) result(path string, r Result, known map[string]*claim.Entry, catalogue []claim.Entry) {
	e, declared := known[r.Claim]
	if !declared {
		p.add(path+".claim", "%q is no claim of this catalogue%s", r.Claim, didYouMean(r.Claim, catalogue))
	}
	if r.Verdict.Rank() < 0 {
		p.add(path+".verdict", "%q is no verdict; one of %s", r.Verdict, list(claim.Verdicts()))
	} else if declared {
		p.finding(path, r, e)
	}
	p.subject(path+".subject", r.Subject, ResultSubjects())
	p.runs(path, r.Runs, e)
	for i := range r.Observations {
		o := &r.Observations[i]
		if o.Op != "" && o.Count >= 1 && o.Count <= maxCount && o.Outcome.Known() {
			continue // as nearly all of a report: the place is spelt only for one that is wrong
		}
		at := fmt.Sprintf("%s.observations[%d]", path, i)
		p.unless(o.Op != "", at+".op", "it is missing")
		p.unless(o.Count >= 1, at+".count", "%d is less than 1", o.Count)
		p.unless(o.Count <= maxCount, at+".count", "%d is more than a run can make", o.Count)
		p.outcome(at+".outcome", o.Outcome)
	}
	for i, kept := range r.Evidence {
		p.evidence(fmt.Sprintf("%s.evidence[%d]", path, i), kept)
	}
}

// finding checks that verdict, behaviour and reason fit each other and the claim. Here and in runs,
// what a problem would say is only made if there is one: a report has some hundred results, and
// nearly all are right.
func (p *problems) finding(path string, r Result, e *claim.Entry) {
	p.unless(r.Verdict != claim.Withdrawn, path+".verdict", "no run withdraws an answer; that is for reports/errata")
	if !answered(r.Verdict) {
		if r.Behaviour != "" {
			p.add(path+".behaviour", "%s has no behaviour, not %q", r.Verdict, r.Behaviour)
		}
		if r.Reason == "" {
			p.add(path+".reason", "%s needs a reason", r.Verdict)
		}
		return
	}
	if len(r.Observations) == 0 {
		p.add(path+".observations", "%s without an observation", r.Verdict)
	}
	if judged := e.Level.Judged(); judged == (r.Verdict == claim.Observed) {
		p.add(path+".verdict", "%s can't be at level %s, which is %s", r.Verdict, e.Level, map[bool]string{true: "judged", false: "only observed"}[judged])
	}
	if _, declared := e.Behaviour(r.Behaviour); !declared {
		p.add(path+".behaviour", "%q is no behaviour of %s; one of %s", r.Behaviour, r.Claim, behaviours(e.Claim))
	}
}

// answered says whether a verdict comes with a behaviour.
func answered(v claim.Verdict) bool {
	return v != claim.NotRun && v != claim.Inconclusive && v != claim.Withdrawn
}

// runs checks k of n; e is nil for a claim that is not known.
func (p *problems) runs(path string, r Runs, e *claim.Entry) {
	if r.N < 1 {
		p.add(path+".runs.n", "%d is less than 1", r.N)
	}
	if r.Same < 1 || r.Same > r.N {
		p.add(path+".runs.same", "%d is not from 1 to n, which is %d", r.Same, r.N)
	}
	others := 0
	for i, a := range r.Also {
		at := fmt.Sprintf("%s.runs.also[%d]", path, i)
		others += a.Times
		p.unless(a.Verdict.Rank() >= 0, at+".verdict", "%q is no verdict; one of %s", a.Verdict, list(claim.Verdicts()))
		p.unless(a.Times >= 1, at+".times", "%d is less than 1", a.Times)
		if e == nil || a.Behaviour == "" {
			continue
		}
		_, known := e.Behaviour(a.Behaviour)
		p.unless(known, at+".behaviour", "%q is no behaviour of %s; one of %s", a.Behaviour, e.ID, behaviours(e.Claim))
	}
	if others != 0 && others != r.N-r.Same {
		p.add(path+".runs.also", "they are %d runs, but n - same is %d", others, r.N-r.Same)
	}
}

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (p *problems) evidence(path string, e Evidence) {
	if !word.MatchString(e.Kind) {
		p.add(path+".kind", "%q is no word such as \"pcap\"", e.Kind)
	}
	if e.Name != "" && (strings.ContainsAny(e.Name, `/\:`) || e.Name[0] == '.' || printable(e.Name) != e.Name) {
		p.add(path+".name", "%q is no plain file name", e.Name)
	}
	if printable(e.Section) != e.Section {
		p.add(path+".section", "%q holds control characters", e.Section)
	}
	if e.SHA256 != "" && !hash.MatchString(e.SHA256) {
		p.add(path+".sha256", "%q is no SHA-256 in lower case hexadecimal", e.SHA256)
	}
}

func (p *problems) outcome(path string, o observation.Outcome) {
	p.unless(o.Known(), path, "%q is no outcome; one of %s", o, list(observation.Outcomes()))
}

func list[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

func behaviours(c claim.Claim) string {
	out := make([]string, len(c.Behaviours))
	for i, b := range c.Behaviours {
		out[i] = b.Word
	}
	return strings.Join(out, ", ")
}

func didYouMean(id string, catalogue []claim.Entry) string {
	if near := claim.Near(id, catalogue); len(near) > 0 {
		return "; near it: " + strings.Join(near, ", ")
	}
	return "; is the report from a newer kit?"
}
