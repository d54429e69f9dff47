package model

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// ErrataSchema is the version of the format of Errata.
const ErrataSchema = 1

// Errata is a file of reports/errata: published answers that are known to be wrong. A report is
// never edited; what it says is withdrawn.
type Errata struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Errata are the withdrawn answers.
	Errata []Erratum `json:"errata"`
}

// Erratum withdraws what some versions of the kit answered to a claim on some platforms.
type Erratum struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// Platforms are patterns of platform ids (path.Match).
	Platforms []string `json:"platforms"`
	// Kits are patterns of the versions of the kit (path.Match).
	Kits []string `json:"kits"`
	// Shows is the behaviour that is wrong. An answer that the rules of a later version give
	// differently is not withdrawn.
	Shows string `json:"shows"`
	// Reason says in a sentence what is wrong with it, and what is true.
	Reason string `json:"reason"`
	// Link is the address where that is shown, which begins with https.
	Link string `json:"link"`
	// Day is the day on which it was withdrawn: "2026-11-30".
	Day string `json:"day"`
}

func (Errata) readable() []int { return []int{ErrataSchema} }

func (e Errata) asVersioned([]byte) bool { return e.Schema == ErrataSchema }

// DecodeErrata reads a file of reports/errata: decoded strictly and validated against the
// catalogue; name stands for the file in errors.
func DecodeErrata(text []byte, name string, catalogue []claim.Entry) (Errata, error) {
	e, err := decode[Errata](strings.NewReader(string(text)), name, everything)
	if err != nil {
		return Errata{}, err
	}
	return e, e.Validate(name, catalogue)
}

// Validate returns every problem: claims and words that do not exist, patterns that are none, what
// is missing.
func (e Errata) Validate(name string, catalogue []claim.Entry) error {
	p := &problems{file: name}
	known := index(catalogue)
	for i, one := range e.Errata {
		at := fmt.Sprintf("errata[%d]", i)
		c := known[one.Claim]
		p.unless(c != nil, at+".claim", "there is no claim %q", one.Claim)
		if c != nil {
			_, declared := c.Behaviour(one.Shows)
			p.unless(declared, at+".shows", "%s can't show %q", one.Claim, one.Shows)
		}
		p.unless(len(one.Platforms) > 0 && len(one.Kits) > 0, at, "platforms and kits are wanted")
		for _, pattern := range slices.Concat(one.Platforms, one.Kits) {
			_, err := path.Match(pattern, "")
			p.unless(err == nil, at, "%q is no pattern", pattern)
		}
		_, err := time.Parse(time.DateOnly, one.Day)
		p.unless(err == nil, at+".day", "%q is no day, such as 2026-11-30", one.Day)
		p.unless(one.Reason != "", at+".reason", "it is missing")
		p.unless(strings.HasPrefix(one.Link, "https://"), at+".link", "%q is no address that begins with https://", one.Link)
	}
	return p.all.ErrorOrNil()
}

// Withdraws reports whether an erratum is about a result of a report, which was judged by the rules
// of this version.
func (e Erratum) Withdraws(r Report, result Result) bool {
	match := func(patterns []string, name string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			is, err := path.Match(pattern, name)
			return err == nil && is
		})
	}
	return e.Claim == result.Claim && e.Shows == result.Behaviour && match(e.Platforms, r.Platform.ID) && match(e.Kits, r.KitOf(result.Claim).Version)
}

// KitOf returns the version of the kit that measured a claim: of a claim that a later run added,
// that of the later run.
func (r Report) KitOf(id string) Kit {
	for _, a := range r.Added {
		if slices.Contains(a.Claims, id) {
			return a.Kit
		}
	}
	return r.Kit
}
