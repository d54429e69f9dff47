// Package claim holds what is claimed about loopback: the claims as values, their registry, and the
// wrapper that turns a claim and its spec into a ginkgo spec.
package claim

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Claim is one sentence about loopback that can be true or false on a host.
type Claim struct {
	// ID is permanent: it is never renamed and never reused (ids.txt).
	ID     string `json:"id"`
	Family Family `json:"family"`
	Level  Level  `json:"level"`
	// Source says where the claim comes from.
	Source Source `json:"source"`
	// Sentence is the claim itself, declarative.
	Sentence string `json:"sentence"`
	// Question is what a user would ask.
	Question string `json:"question"`
	// Headline marks the dozen or so claims that answer what people really ask.
	Headline bool `json:"headline"`
	// Behaviours are all the words that a cell can show.
	Behaviours []Behaviour `json:"behaviours"`
	// Gates say what it takes to measure the claim.
	Gates []Gate `json:"gates"`
	// Rule reads the behaviour from the observations.
	Rule Rule `json:"-"`
	// Counts marks a claim about how many there can be: that there are no more is its answer. To
	// every other claim a shortage is none (see Judge).
	Counts bool `json:"-"`
	// Fault names the fault that turns the claim: in a fake host (package fake), and in a private
	// host (package privatehost) if the claim has parts. NoFault says why there is none.
	Fault   string `json:"fault,omitempty"`
	NoFault string `json:"no_fault,omitempty"`
	// Exempt says why a claim is recorded and never tested.
	Exempt string `json:"exempt,omitempty"`
}

// Behaviour is one word that a cell can show.
type Behaviour struct {
	// Word is the behaviour, or a pattern: AnyErrno, AnyNumber or AnyText stand for what was read.
	Word string `json:"word"`
	// Means explains the word in a sentence.
	Means string `json:"means"`
	// Conforms says that the source asks for this behaviour; without meaning at the levels MAY,
	// IMPL and FOLK.
	Conforms bool `json:"conforms"`
}

// Patterns of Behaviour.Word.
const (
	AnyErrno  = "<errno>"  // a portable errno name: EINVAL
	AnyNumber = "<number>" // a decimal number: 65536
	AnyText   = "<text>"   // what was read, such as an address or a name; at most 60 printable characters
)

// Source is where a claim comes from.
type Source struct {
	// References are the documents, the most important first; none for folklore.
	References []Reference `json:"references,omitempty"`
	// Note is what is to be said about them: a quotation, a doubt, that a section could not be
	// checked.
	Note string `json:"note,omitempty"`
}

// Reference is a section of a document.
type Reference struct {
	Document string `json:"document"`          // "RFC 1122"
	Section  string `json:"section,omitempty"` // "3.2.1.3(g)"
	URL      string `json:"url,omitempty"`     // the text, with an anchor where there is one
}

// String reads "RFC 1122 3.2.1.3(g)".
func (r Reference) String() string {
	if r.Section == "" {
		return r.Document
	}
	return r.Document + " " + r.Section
}

// RFC refers to a section of an RFC; an empty section means the whole document. A letter in
// brackets, as in "3.2.1.3(g)", is kept in the section and left out of the anchor.
func RFC(number int, section string) Reference {
	r := Reference{Document: fmt.Sprintf("RFC %d", number), Section: section,
		URL: fmt.Sprintf("https://www.rfc-editor.org/rfc/rfc%d", number)}
	if anchor := anchorOf(section); anchor != "" {
		r.URL += "#section-" + anchor
	}
	return r
}

func anchorOf(section string) string {
	for i, c := range section {
		if c != '.' && (c < '0' || c > '9') {
			return section[:i]
		}
	}
	return section
}

// Answer is what a rule reads from observations: a behaviour, or that it could not tell.
type Answer struct {
	Word   string
	Reason string
	Clear  bool
}

// Rule reads the behaviour of a claim from its observations. It is a pure function, and gives the
// same answer before and after observation.Fold.
type Rule func(observation.Set) Answer

// Shows is the answer that the behaviour is word; the reason says what it was read from.
func Shows(word, reason string, args ...any) Answer {
	return Answer{Word: word, Reason: fmt.Sprintf(reason, args...), Clear: true}
}

// Unclear is the answer that the observations don't tell.
func Unclear(reason string, args ...any) Answer {
	return Answer{Reason: fmt.Sprintf(reason, args...)}
}
