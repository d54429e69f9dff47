package model

import (
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// ClaimAnswers is one claim and what every platform shows for it: the small file that a program
// asks, say, whether 127.0.0.2 can be bound on FreeBSD. It takes the platforms of the family and
// looks at Conforms, or at the behaviour.
type ClaimAnswers struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Generated is when the newest of the reports was measured, in UTC.
	Generated time.Time `json:"generated"`
	// Claim is the claim, with all the behaviours that it can show and what they mean.
	Claim claim.Claim `json:"claim"`
	// Answers are those of the measured platforms, ordered by their ids, and then the platforms
	// that nobody has measured.
	Answers []PlatformAnswer `json:"answers"`
}

// PlatformAnswers is one platform and what it shows for every claim.
type PlatformAnswers struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Platform is what was measured, when, and by which version of the kit.
	Platform Column `json:"platform"`
	// Answers are those to every claim, in the order of the catalogue.
	Answers []ClaimAnswer `json:"answers"`
}

// PlatformAnswer is what one platform shows for the claim of the file.
type PlatformAnswer struct {
	// Platform is the id of the platform; empty for one that nobody has measured.
	Platform string `json:"platform"`
	// Title is the platform's name for people.
	Title string `json:"title"`
	// Family is the kind of system: "freebsd".
	Family string `json:"family"`
	// Version is the version of the system or distribution; empty for a platform that nobody has
	// measured.
	Version string `json:"version"`
	// Privileged says whether the run could change interfaces and open raw sockets.
	Privileged bool `json:"privileged"`
	// Measured is when the run began, in UTC; null for a platform without a measurement.
	Measured *time.Time `json:"measured" jsonschema:"nullable"`
	Shown
	// Documented is where a documented answer comes from.
	Documented *Documented `json:"documented,omitempty"`
}

// ClaimAnswer is what the platform of the file shows for one claim.
type ClaimAnswer struct {
	// Claim is the id of the claim.
	Claim string `json:"claim"`
	// Question is what a user would ask.
	Question string `json:"question"`
	// Level is how much the source asks for.
	Level claim.Level `json:"level"`
	Shown
}

// Shown is what a cell shows, with everything spelt out that a matrix leaves to its readers.
type Shown struct {
	// Verdict is that of the cell, or "unknown" if it was not measured: never a yes, never a no.
	Verdict Standing `json:"verdict"`
	// Behaviour is the short word; empty for not-run, inconclusive and unknown.
	Behaviour string `json:"behaviour"`
	// Conforms says whether the behaviour is one that the source asks for; null where there is
	// nothing to conform to, or where it is not known.
	Conforms *bool `json:"conforms" jsonschema:"nullable"`
	// Answer is the answer to the question of the claim in words: "Yes: any address of 127.0.0.0/8
	// can be bound".
	Answer string `json:"answer"`
	// Detail says what the behaviour was read from, or why there is none.
	Detail string `json:"detail"`
	// Unstable is "k of n" if not all runs gave the same; otherwise empty.
	Unstable string `json:"unstable"`
	// Evidence says what the answer rests on. One that is documented has no verdict.
	Evidence Evidenced `json:"evidence"`
}

// Evidenced is what an answer rests on.
type Evidenced string

// Evidences returns what an answer can rest on: a run of this kit, what is documented, or nothing.
func Evidences() []Evidenced { return []Evidenced{"measured", "documented", "none"} }

// Standing is a verdict, or "unknown" for what was not measured.
type Standing string
