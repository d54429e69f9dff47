package claim

// Verdict is the judgement of one claim on one platform.
type Verdict string

// The verdicts.
const (
	Conforms     Verdict = "conforms"     // the behaviour is one that the source asks for
	Observed     Verdict = "observed"     // there is nothing to conform to (levels MAY, IMPL, FOLK)
	NotRun       Verdict = "not-run"      // the probe could not run, for the reason beside it
	Deviates     Verdict = "deviates"     // the behaviour is not one that the source asks for
	Inconclusive Verdict = "inconclusive" // the kit could not tell, for the reason beside it
	Withdrawn    Verdict = "withdrawn"    // a published answer that is known to be wrong; of a matrix only, no run gives it
)

// verdicts stand in the order of Rank.
var verdicts = []Verdict{NotRun, Observed, Conforms, Deviates, Inconclusive, Withdrawn}

// Verdicts lists every verdict in the order of Rank.
func Verdicts() []Verdict { return append([]Verdict(nil), verdicts...) }

// Rank orders the verdicts by how much attention they need: not-run, observed, conforms, deviates,
// inconclusive, withdrawn. An unknown word ranks -1.
func (v Verdict) Rank() int {
	for i, w := range verdicts {
		if v == w {
			return i
		}
	}
	return -1
}

// Worse is the one of both that needs more attention; it lets a verdict only ever get worse.
func (v Verdict) Worse(w Verdict) Verdict {
	if w.Rank() > v.Rank() {
		return w
	}
	return v
}

// Finding is what the rule of a claim makes of its observations.
type Finding struct {
	Verdict Verdict `json:"verdict"`
	// Behaviour is the short word that a cell shows; empty for not-run and inconclusive.
	Behaviour string `json:"behaviour,omitempty"`
	// Reason says in a sentence what the behaviour was read from, or why there is none.
	Reason string `json:"reason,omitempty"`
}
