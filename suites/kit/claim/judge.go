package claim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Judge computes the finding of a claim from its observations. It is a pure function: the same
// observations give the same finding, whenever they were made. A rule that panics makes the claim
// inconclusive: observations may come from a report, and be none that a probe would make. So does a
// shortage, before any rule: what the kit could not ask for want of descriptors, memory or ports is
// no answer of the system, and neither is what the rest of the addresses answered.
func Judge(c Claim, seen observation.Set) (f Finding) {
	defer func() {
		if thrown := recover(); thrown != nil {
			f = Finding{Verdict: Inconclusive, Reason: fmt.Sprintf("the rule of %s panicked: %v", c.ID, thrown)}
		}
	}()
	if len(seen) == 0 || c.Rule == nil {
		return Finding{Verdict: Inconclusive, Reason: "nothing was observed"}
	}
	if short := seen.Outcome(observation.Exhausted); len(short) > 0 && !c.Counts {
		return Finding{Verdict: Inconclusive, Reason: shortage(short[0])}
	}
	if now := seen.Outcome(observation.Intermittent); len(now) > 0 && !c.shows(intermittent) {
		return Finding{Verdict: Inconclusive, Reason: fmt.Sprintf("loopback is lossy here: %s at %s worked %s times",
			now[0].Op, now.FirstTarget(), now[0].Value)}
	}
	answer := c.Rule(seen)
	if !answer.Clear {
		return Finding{Verdict: Inconclusive, Reason: answer.Reason}
	}
	b, declared := c.Behaviour(answer.Word)
	switch {
	case !declared:
		return Finding{Verdict: Inconclusive,
			Reason: "the rule of " + c.ID + " gave a behaviour that the claim does not declare: " + strconv.Quote(answer.Word)}
	case !c.Level.Judged():
		return Finding{Verdict: Observed, Behaviour: answer.Word, Reason: answer.Reason}
	case b.Conforms:
		return Finding{Verdict: Conforms, Behaviour: answer.Word, Reason: answer.Reason}
	default:
		return Finding{Verdict: Deviates, Behaviour: answer.Word, Reason: answer.Reason}
	}
}

// intermittent is the behaviour of a claim that says what is to be said where something works now
// and then. To every other claim such an observation is no answer: that it worked when it was asked
// again makes no success of it.
const intermittent = "intermittent"

// shows reports whether a claim declares this very word.
func (c Claim) shows(word string) bool {
	return slices.ContainsFunc(c.Behaviours, func(b Behaviour) bool { return b.Word == word })
}

// shortage says what the kit ran out of, by the error of the call.
func shortage(o observation.Observation) string {
	what := sock.Shortage(o.Errno)
	if what == "" {
		return fmt.Sprintf("the kit could not ask: %s: %s", o.Op, o.Value)
	}
	at := ""
	if len(o.Targets) > 0 {
		at = " at " + o.Targets[0]
	}
	return fmt.Sprintf("the kit ran out of %s: %s%s gave %s", what, o.Op, at, o.Errno)
}

// Behaviour finds the declared behaviour that a word is an instance of; exact words come before
// patterns.
func (c Claim) Behaviour(word string) (Behaviour, bool) {
	for _, b := range c.Behaviours {
		if b.Word == word && !strings.HasPrefix(word, "<") {
			return b, true
		}
	}
	for _, b := range c.Behaviours {
		if matches(b.Word, word) {
			return b, true
		}
	}
	return Behaviour{}, false
}

func matches(pattern, word string) bool {
	switch pattern {
	case AnyErrno:
		return len(word) > 1 && word[0] == 'E' && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
	case AnyNumber:
		_, err := strconv.ParseUint(word, 10, 64)
		return err == nil
	case AnyText:
		return word != "" && len(word) <= 60 && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	default:
		return false
	}
}
