package model

import (
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Comparison is what changed between an old and a new measuring: of one platform, or of many.
type Comparison struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Effect is the weightiest of all its changes: what a baseline has to say to the new measuring.
	Effect Effect `json:"effect"`
	// Pairs are the platforms, ordered by their ids. One that only one side has is compared with
	// nothing.
	Pairs []Pair `json:"pairs"`
	// Compared is how many cells and sweeps both sides have, whatever they show.
	Compared int `json:"compared"`
	// Same is how many of them show the same.
	Same int `json:"same"`
	// Rejudged says that both sides were judged by the rules of this version of the kit, so that no
	// change is one of the rules. A matrix holds no observations and stays as it was judged.
	Rejudged bool `json:"rejudged"`
	// Changes are the cells that differ, the weightiest first, then in the order of the catalogue
	// and the pairs.
	Changes []Change `json:"changes"`
}

// Effect is what a change means to somebody who holds the old measuring for what is to be expected.
type Effect string

// The effects, the weightiest first. Worse comes before unclear: a deviation that is certain is not
// hidden by an answer that is missing. Better comes last: whether a baseline is stale can wait
// until everything else has an answer.
const (
	Worse   Effect = "worse"   // it deviates where the old one answers otherwise; beyond a baseline, also where that has no answer
	Unclear Effect = "unclear" // the old one has an answer, and the new one has none that can be relied on
	Better  Effect = "better"  // it no longer deviates: the old one is stale as a baseline
	Neutral Effect = "neutral" // none of these
)

// Effects lists all effects, the weightiest first.
func Effects() []Effect { return []Effect{Worse, Unclear, Better, Neutral} }

// Kind is what kind of change it is.
type Kind string

// The kinds, in the order in which they are told.
const (
	NewlyDeviating    Kind = "newly deviating"    // it deviates, and did not
	OtherDeviation    Kind = "other deviation"    // it deviates as before, and shows another behaviour
	NewlyInconclusive Kind = "newly inconclusive" // the kit can't tell, and could or had not tried
	NoLongerMeasured  Kind = "no longer measured" // there was an answer, and now it is not run
	NewlyUnstable     Kind = "newly unstable"     // all runs agreed, and no longer do
	NewlyConforming   Kind = "newly conforming"   // it conforms, and did not
	NewlyMeasured     Kind = "newly measured"     // there is an answer, and was none
	ChangedBehaviour  Kind = "changed behaviour"  // it shows another behaviour, and does not deviate
	NewlyStable       Kind = "newly stable"       // all runs agree, and did not
)

// Kinds lists all kinds in the order in which they are told.
func Kinds() []Kind {
	return []Kind{NewlyDeviating, OtherDeviation, NewlyInconclusive, NoLongerMeasured, NewlyUnstable, NewlyConforming, NewlyMeasured,
		ChangedBehaviour, NewlyStable}
}

// Pair is one platform, before and now.
type Pair struct {
	// Old is the old measuring; null if there is none of this platform.
	Old *Side `json:"old" jsonschema:"nullable"`
	// New is the new measuring; null if there is none of this platform.
	New *Side `json:"new" jsonschema:"nullable"`
	// Differs lists the facts that are not the same on both sides, and may be why the host answers
	// otherwise.
	Differs []Fact `json:"differs,omitempty"`
}

// Side is one measuring of a platform.
type Side struct {
	// ID is the id of the platform.
	ID string `json:"id"`
	// Title is the platform's name for people.
	Title string `json:"title"`
	// Measured is when the run began, in UTC.
	Measured time.Time `json:"measured"`
	// Kit is the version that measured.
	Kit Kit `json:"kit"`
}

// Fact is something that differs between the sides of a pair.
type Fact struct {
	// Name is the path of the fact in a report: "platform.kernel", "kit.version".
	Name string `json:"name"`
	// Old is what it was, empty for what the old one does not tell.
	Old string `json:"old"`
	// New is what it is, empty for what the new one does not tell.
	New string `json:"new"`
}

// Change is one claim, or one sweep, that is not as it was.
type Change struct {
	// Claim is the id of the claim; of a sweep it is "sweep.udp".
	Claim string `json:"claim"`
	// Level says how strongly its source asks for it.
	Level claim.Level `json:"level"`
	// Question is what a user would ask.
	Question string `json:"question"`
	// Platform is the id of the platform: the new one, if they differ.
	Platform string `json:"platform"`
	// Kind is what kind of change it is.
	Kind Kind `json:"kind"`
	// Effect is what it means for a baseline.
	Effect Effect `json:"effect"`
	// Old is what the cell showed; null if it had not been measured.
	Old *Cell `json:"old" jsonschema:"nullable"`
	// New is what it shows; null if it has not been measured.
	New *Cell `json:"new" jsonschema:"nullable"`
}
