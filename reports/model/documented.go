package model

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// DocumentedSchema is the version of the format of Documentation.
const DocumentedSchema = 1

// Documentation is what is known of one kind of system without a run of this kit: one file of
// reports/documented. None of it is a measurement, and nothing counts it.
type Documentation struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Entries are the behaviours that are documented, in the order of the catalogue.
	Entries []Documented `json:"entries"`
	// Unanswered are headline questions that no public material answers.
	Unanswered []Unanswered `json:"unanswered,omitempty"`
}

// Documented is a behaviour that a source, a document, a public test or a public report shows for a
// system.
type Documented struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// System is the kind of system, as in Platform.Family: "macos".
	System string `json:"system"`
	// Since and Until are the first and the last version that it holds for: "10.5". Of Windows they
	// are versions of NT: "10.0.26100". Without Until it held for what was the newest version on
	// the day Read; without both, see the citations.
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
	// Behaviour is the word of the claim.
	Behaviour string `json:"behaviour"`
	// Condition is what must be done first: "127.0.0.2 is an alias on lo0". Such an entry answers
	// no headline.
	Condition string `json:"condition,omitempty"`
	// Note says in a sentence why it is so, or how it shows.
	Note string `json:"note"`
	// Confidence says how good the evidence is.
	Confidence Confidence `json:"confidence"`
	// DerivedFrom are claims whose entries for the system this one follows from. Where they fall,
	// it falls.
	DerivedFrom []string `json:"derivedFrom,omitempty"`
	// Disputed is the run that would decide between this entry and another one for the same
	// versions: "a run on macOS 26".
	Disputed string `json:"disputed,omitempty"`
	// Read is the day on which the citations were read: "2026-11-30".
	Read string `json:"read"`
	// Citations are what it is read from.
	Citations []Citation `json:"citations"`
}

// Unanswered is a headline question that no public material answers for a system.
type Unanswered struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// System is the kind of system.
	System string `json:"system"`
	// Reason says why there is no answer, and what would give one.
	Reason string `json:"reason"`
}

// Citation is a place where something is documented.
type Citation struct {
	// Kind says what the place is.
	Kind CitationKind `json:"kind"`
	// Title names it.
	Title string `json:"title"`
	// URL is its address, which begins with https.
	URL string `json:"url"`
	// Where is the place in it: a file and a function, a section, a comment.
	Where string `json:"where"`
	// Version is the version of the system that it is about, as it says so itself.
	Version string `json:"version"`
	// Checked is false if the text could not be found again at the address.
	Checked bool `json:"checked"`
}

// CitationKind is a kind of place where behaviour is documented.
type CitationKind string

// Confidence is how good evidence is.
type Confidence string

// CitationKinds returns the kinds of citations, the strongest first: source is the system's own
// code, stack-run is a run of that code in user space, public-test is a test suite that runs on the
// system, vendor-doc is what its makers write, and public-report is what a user of it reports.
func CitationKinds() []CitationKind {
	return []CitationKind{"source", "stack-run", "public-test", "vendor-doc", "public-report"}
}

// Confidences returns the words for how good evidence is, the best first.
func Confidences() []Confidence { return []Confidence{"high", "medium", "low"} }

func (Documentation) readable() []int { return []int{DocumentedSchema} }

func (d Documentation) asVersioned([]byte) bool { return d.Schema == DocumentedSchema }

// DecodeDocumentation reads a file of reports/documented: decoded strictly and validated against
// the catalogue; name stands for the file in errors.
func DecodeDocumentation(text []byte, name string, catalogue []claim.Entry) (Documentation, error) {
	d, err := decode[Documentation](strings.NewReader(string(text)), name, everything)
	if err != nil {
		return Documentation{}, err
	}
	return d, d.Validate(name, catalogue)
}

// version is a number of a release, as CompareVersions takes it.
var version = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,6}){0,3}$`)

// Validate returns every problem: claims and words that do not exist, no citation, addresses that
// are not https, versions that are none, entries that contradict each other and do not say so.
func (d Documentation) Validate(name string, catalogue []claim.Entry) error {
	p := &problems{file: name}
	claims := map[string]claim.Claim{}
	for _, e := range catalogue {
		claims[e.ID] = e.Claim
	}
	for i, e := range d.Entries {
		at := fmt.Sprintf("entries[%d]", i)
		c, known := claims[e.Claim]
		p.unless(known, at+".claim", "there is no claim %q", e.Claim)
		_, declared := c.Behaviour(e.Behaviour)
		p.unless(!known || declared, at+".behaviour", "%s can't show %q; loopmatrix claims %s lists its words", e.Claim, e.Behaviour, e.Claim)
		e.validate(p, at)
		for _, other := range e.DerivedFrom {
			from := slices.ContainsFunc(d.Entries, func(o Documented) bool { return o.Claim == other && o.System == e.System })
			p.unless(from && other != e.Claim, at+".derivedFrom", "there is no other entry on %q for %s; remove this one, or cite what shows it", other, e.System)
		}
		for j, o := range d.Entries[:i] {
			if o.Claim != e.Claim || o.System != e.System || o.Condition != e.Condition || !o.overlaps(e) {
				continue
			}
			p.unless(o.Behaviour != e.Behaviour, at, "entries[%d] says the same of the same versions; join them", j)
			p.unless(o.Behaviour == e.Behaviour || o.Disputed != "" && e.Disputed != "", at+".disputed",
				"entries[%d] says %q of the same versions; both want the run that decides", j, o.Behaviour)
		}
	}
	for i, u := range d.Unanswered {
		at := fmt.Sprintf("unanswered[%d]", i)
		c, known := claims[u.Claim]
		p.unless(known && c.Headline, at+".claim", "%q is no headline", u.Claim)
		p.unless(u.Reason != "", at+".reason", "it is missing")
		answered := slices.ContainsFunc(d.Entries, func(e Documented) bool { return e.Claim == u.Claim && e.System == u.System && e.Condition == "" })
		p.unless(!answered, at, "an entry answers it; remove this")
	}
	return p.all.ErrorOrNil()
}

// validate adds what is wrong with an entry by itself.
func (e Documented) validate(p *problems, at string) {
	for field, v := range map[string]string{".since": e.Since, ".until": e.Until} {
		p.unless(v == "" || version.MatchString(v), at+field, "%q is no version: digits and dots, such as 15.5", v)
	}
	p.unless(e.Since == "" || e.Until == "" || CompareVersions(e.Since, e.Until) <= 0, at+".until", "it is before since")
	p.unless(platformWord.MatchString(e.System), at+".system", "%q is no kind of system, such as macos", e.System)
	p.unless(slices.Contains(Confidences(), e.Confidence), at+".confidence", "it is one of %v", Confidences())
	_, err := time.Parse(time.DateOnly, e.Read)
	p.unless(err == nil, at+".read", "%q is no day, such as 2026-11-30", e.Read)
	p.unless(e.Note != "", at+".note", "it is missing: a sentence on why it is so")
	p.unless(len(e.Citations) > 0, at+".citations", "there are none; one is wanted at least")
	run := len(e.Citations) > 0
	for i, c := range e.Citations {
		in := fmt.Sprintf("%s.citations[%d]", at, i)
		p.unless(slices.Contains(CitationKinds(), c.Kind), in+".kind", "it is one of %v", CitationKinds())
		p.unless(strings.HasPrefix(c.URL, "https://") && !strings.ContainsAny(c.URL, " \t\r\n\"<>"), in+".url", "%q is no address that begins with https://", c.URL)
		p.unless(c.Title != "" && c.Version != "", in, "title and version are wanted")
		run = run && c.Kind == "stack-run"
	}
	p.unless(!run || e.Confidence != "high", at+".confidence", "a run of the system's code in user space alone is medium at most")
}

// platformWord is a kind of system.
var platformWord = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// CompareVersions returns -1, 0 or 1 as a is before, equal to or after b. Both are digits and dots;
// what one leaves out is 0.
func CompareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if c := cmp.Compare(number(x, i), number(y, i)); c != 0 {
			return c
		}
	}
	return 0
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return n
}

// Holds reports whether the entry is about a version. A version is that of a release: until 15
// takes in 15.5.
func (e Documented) Holds(version string) bool {
	return (e.Since == "" || CompareVersions(version, e.Since) >= 0) && (e.Until == "" || within(version, e.Until))
}

// within reports whether a version is not after another, or a later release of the same number.
func within(version, until string) bool {
	return CompareVersions(version, until) <= 0 || strings.HasPrefix(version, until+".")
}

// overlaps reports whether two entries are about a common version.
func (e Documented) overlaps(o Documented) bool {
	return (e.Until == "" || o.Since == "" || within(o.Since, e.Until)) && (o.Until == "" || e.Since == "" || within(e.Since, o.Until))
}

// digits are the number in the name of a release.
var digits = regexp.MustCompile(`[0-9]+(\.[0-9]+)*`)

// Release returns the number of the system's release, as Documented.Since has it: of Windows that
// of NT. It is empty if the platform has none.
func (p Platform) Release() string {
	if p.Family == "windows" {
		return digits.FindString(p.Kernel)
	}
	return digits.FindString(p.Version)
}
