package render

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// mark is a sign for a verdict that needs no colour.
func mark(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "✓"
	case claim.Deviates:
		return "✗"
	case claim.Observed:
		return "·"
	case claim.NotRun:
		return "–"
	case claim.Inconclusive:
		return "!"
	case claim.Withdrawn:
		return "⊘"
	default:
		return "?"
	}
}

// plainMark is a mark for terminals without Unicode.
func plainMark(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "+"
	case claim.Deviates:
		return "X"
	case claim.Observed:
		return "."
	case claim.NotRun:
		return "-"
	case claim.Withdrawn:
		return "0"
	default:
		return mark(v)
	}
}

// Escape sequences for what matters more and less (ECMA-48 SGR).
const (
	bolder  = "\x1b[1m"
	fainter = "\x1b[2m"
)

// colour is the escape sequence for a verdict (ECMA-48 SGR). Green and red differ in brightness
// too.
func colour(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "\x1b[32m"
	case claim.Deviates:
		return "\x1b[1;31m"
	case claim.Inconclusive, claim.Withdrawn:
		return "\x1b[33m"
	case claim.Observed:
		return "\x1b[36m"
	default:
		return fainter
	}
}

// legend explains the marks.
func legend(v claim.Verdict) string {
	switch v {
	case claim.Conforms:
		return "conforms"
	case claim.Deviates:
		return "deviates"
	case claim.Observed:
		return "observed, nothing to conform to"
	case claim.NotRun:
		return "not run here"
	case claim.Inconclusive:
		return "inconclusive: the kit could not tell"
	case claim.Withdrawn:
		return "withdrawn: known to be wrong"
	default:
		return "unknown: nobody measured it"
	}
}
