package render

import "github.com/loopmatrix/loopmatrix/suites/observe"

// mark is a sign for a verdict that needs no colour.
func mark(v observe.Verdict) string {
	switch v {
	case observe.Conforms:
		return "✓"
	case observe.Deviates:
		return "✗"
	case observe.Observed:
		return "·"
	case observe.NotRun:
		return "–"
	case observe.Inconclusive:
		return "!"
	default:
		return "?"
	}
}

// plainMark is a mark for terminals without Unicode.
func plainMark(v observe.Verdict) string {
	switch v {
	case observe.Conforms:
		return "+"
	case observe.Deviates:
		return "X"
	case observe.Observed:
		return "."
	case observe.NotRun:
		return "-"
	default:
		return mark(v)
	}
}

// Escape sequences for what matters more and less (ECMA-48 SGR).
const (
	bolder  = "\x1b[1m"
	fainter = "\x1b[2m"
)

// colour is the escape sequence for a verdict (ECMA-48 SGR). Green and red differ in brightness too.
func colour(v observe.Verdict) string {
	switch v {
	case observe.Conforms:
		return "\x1b[32m"
	case observe.Deviates:
		return "\x1b[1;31m"
	case observe.Inconclusive:
		return "\x1b[33m"
	case observe.Observed:
		return "\x1b[36m"
	default:
		return fainter
	}
}

// legend explains the marks.
func legend(v observe.Verdict) string {
	switch v {
	case observe.Conforms:
		return "conforms"
	case observe.Deviates:
		return "deviates"
	case observe.Observed:
		return "observed, nothing to conform to"
	case observe.NotRun:
		return "not run here"
	case observe.Inconclusive:
		return "inconclusive: the kit could not tell"
	default:
		return "unknown: nobody measured it"
	}
}
