package names

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The words of an answer that is none. They mean the same in every claim of the family.
const (
	none    = "none"
	timeout = "timeout"
)

var (
	isNone    = claim.Behaviour{Word: none, Means: "the system's resolver gives no answer"}
	isTimeout = claim.Behaviour{Word: timeout, Means: "the system's resolver has no answer within two seconds: it waits for a name server"}
)

// lacking says what an answer that is none is: none or timeout. It is empty for an answer that is
// one. What the resolver itself could not do is no answer of its, and unclear.
func lacking(o observation.Observation) (word string, clear bool) {
	switch {
	case o.Outcome == observation.OK:
		return "", true
	case o.Outcome == observation.NoAnswer, o.Value == "EAI_AGAIN", o.Value == "EAI_FAIL", o.Value == "EAI_FAMILY":
		return none, true // getent does not tell these apart: its exit status is 2 for all
	case o.Outcome == observation.Timeout:
		return timeout, true
	default:
		return "", false
	}
}

// answers are the system's answers to several questions.
type answers struct {
	given   []given
	missing []string // the targets without an answer
	late    bool     // one of the missing is a timeout
}

// given is one answer: what was answered for these targets.
type given struct {
	targets, words []string
}

// read reads the system's answers, folded. The error is an answer that is unclear, or that nothing
// was asked.
func read(seen observation.Set) (answers, error) {
	var out answers
	asked := observation.Fold(seen.Variant(system).Where(isLookup))
	if len(asked) == 0 {
		return out, errors.New("the system's resolver was not asked")
	}
	for _, o := range asked {
		word, clear := lacking(o)
		switch {
		case !clear:
			return out, fmt.Errorf("the system's resolver could not answer: %s", strings.TrimSpace(o.Problem()+" "+o.Value))
		case word == "":
			out.given = append(out.given, given{o.Targets, strings.Fields(o.Value)})
		default:
			out.missing = append(out.missing, o.Targets...)
			out.late = out.late || word == timeout
		}
	}
	return out, nil
}

// isLookup reports whether an observation is one of a resolver that was asked.
func isLookup(o observation.Observation) bool {
	name, _, _ := strings.Cut(o.Op, " ")
	return slices.Contains([]string{"getaddrinfo", "getnameinfo", "res_query"}, name)
}

// words are all that was answered, in order.
func (a answers) words() []string {
	var out []string
	for _, g := range a.given {
		out = append(out, g.words...)
	}
	return out
}

// to is the answer for one target.
func (a answers) to(target string) []string {
	for _, g := range a.given {
		if slices.Contains(g.targets, target) {
			return g.words
		}
	}
	return nil
}

// lack is the word for answers of which none was given.
func (a answers) lack() string {
	if a.late {
		return timeout
	}
	return none
}

// all says whether there are words and ok is true for every one.
func all(words []string, ok func(string) bool) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !ok(w) })
}

func isLoopback(address string) bool {
	a, err := netip.ParseAddr(address)
	return err == nil && sock.IsLoopback(a)
}

func isIPv6(address string) bool { return strings.Contains(address, ":") }

// shows is claim.Shows with what Go's resolver said behind the reason.
func shows(seen observation.Set, word, reason string, args ...any) claim.Answer {
	return claim.Shows(word, "%s; Go's resolver: %s", fmt.Sprintf(reason, args...), gos(seen))
}

// gos says what Go's resolver answered: once if it was always the same, otherwise for each target.
func gos(seen observation.Set) string {
	var out, said []string
	for _, o := range observation.Fold(seen.Variant(golang)) {
		text := o.Value
		switch {
		case o.Value == resolve.AsksDNS:
			text = "not without DNS"
		case o.Outcome != observation.OK:
			text = o.Problem()
		}
		said = append(said, text)
		out = append(out, strings.Join(o.Targets, ", ")+" "+text)
	}
	slices.Sort(said)
	switch said = slices.Compact(said); len(said) {
	case 0:
		return "not asked"
	case 1:
		return said[0]
	default:
		return strings.Join(out, "; ")
	}
}
