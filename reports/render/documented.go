package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// DocumentedMark is the sign of what is documented and was not measured. It stands with the word,
// since it is no verdict.
const DocumentedMark = "≈"

// Known is what is documented about a question for a kind of system.
type Known struct {
	System
	Reply
	// Entry is where it comes from.
	Entry model.Documented
	// After is the newest release that was measured, if that shows something else.
	After string
}

// Versions names the versions that an entry is about: "macOS 10.5 to 15.5", or what its first
// citation says.
func Versions(e model.Documented) string {
	name := SystemOf(e.System).Name
	since, until := versionName(e.System, e.Since), versionName(e.System, e.Until)
	switch {
	case since == "" && until == "" && len(e.Citations) > 0:
		return e.Citations[0].Version
	case since == "" && until == "":
		return name
	case until == "":
		return name + " " + since + " and later"
	case since == "":
		return name + " up to " + until
	case since == until:
		return name + " " + since
	default:
		return name + " " + since + " to " + until
	}
}

// versionName is a release as people call it: a version of NT is that of a Windows.
func versionName(system, version string) string {
	if system != "windows" || version == "" {
		return version
	}
	for _, w := range windowsReleases() {
		if model.CompareVersions(version, w.since) >= 0 {
			if w.name == "" || model.CompareVersions(version, w.since) == 0 || w.only {
				return w.name
			}
			return w.name + " (" + version + ")"
		}
	}
	return version
}

// windowsRelease is a Windows and its first version of NT; only, if each version of that number is
// it.
type windowsRelease struct {
	since, name string
	only        bool
}

// windowsReleases are those of the last twenty years, the newest first.
func windowsReleases() []windowsRelease {
	return []windowsRelease{{"10.0.26100", "11", true}, {"10.0.22000", "11", false}, {"10.0.20348", "Server 2022", false}, {"10.0.17763", "10", false},
		{"10.0", "10", false}, {"6.3", "8.1", true}, {"6.2", "8", true}, {"6.1", "7", true}, {"6.0", "Vista", true}, {"5.2", "Server 2003", true}}
}

// Says is what is documented in a few words: "documented: macOS 10.5 to 15.5, confidence high".
func (k Known) Says() string {
	text := "documented: " + Versions(k.Entry) + ", confidence " + string(k.Entry.Confidence)
	if k.Entry.Disputed != "" {
		text += ", disputed"
	}
	return text
}

// Proof is the address of the strongest citation of an entry that could be found again, or of the
// first.
func Proof(e model.Documented) string {
	best := -1
	for i, c := range e.Citations {
		if c.Checked && (best < 0 || kindRank(c) < kindRank(e.Citations[best])) {
			best = i
		}
	}
	return e.Citations[max(best, 0)].URL
}

func kindRank(c model.Citation) int { return slices.Index(model.CitationKinds(), c.Kind) }

// known answers the question of a claim from what is documented, for each kind of system of which
// no measurement answers it.
func known(m model.Matrix, c claim.Claim) []Known {
	var out []Known
	for _, s := range DocumentedSystems(m) {
		for _, e := range m.Answer(c.ID, s.Family) {
			out = append(out, Known{System: s, Reply: ReplyFrom(c, e), Entry: e, After: m.Measured(c.ID, s.Family)})
		}
	}
	return out
}

// ReplyFrom is what an entry answers to the question of its claim, without what only a run can say:
// what was tried, and what was seen on a link.
func ReplyFrom(c claim.Claim, e model.Documented) Reply {
	r := ReplyTo(c, model.Cell{Verdict: claim.Observed, Behaviour: e.Behaviour})
	if seen.MatchString(r.Text) {
		r.Text = ""
	}
	return r
}

var seen = regexp.MustCompile(`\b(seen|tried)\b`)

// Alike puts what is documented together where the answer is the same, in the order of the first.
func Alike(all []Known) [][]Known {
	var out [][]Known
	for _, k := range all {
		i := slices.IndexFunc(out, func(same []Known) bool {
			return same[0].Entry.Behaviour == k.Entry.Behaviour && same[0].Reply == k.Reply
		})
		if i < 0 {
			i = len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], k)
	}
	return out
}

// DocumentedSystems lists the kinds of systems of which something is documented, in the order of
// Systems.
func DocumentedSystems(m model.Matrix) []System {
	var of []model.Column
	for _, e := range m.Documented.Entries {
		of = append(of, model.Column{Platform: model.Platform{Family: e.System}})
	}
	return Systems(of)
}

// Entries returns what is documented about a claim and still says something, by system in the order
// of Systems, those with a condition last.
func Entries(m model.Matrix, id string) []Known {
	c, _ := claimOf(m, id)
	var out []Known
	for _, s := range DocumentedSystems(m) {
		for _, conditional := range []bool{false, true} {
			for _, e := range m.Documented.Entries {
				if e.Claim == id && e.System == s.Family && (e.Condition != "") == conditional && !m.Replaced(e) {
					out = append(out, Known{System: s, Reply: ReplyFrom(c, e), Entry: e, After: m.Measured(id, s.Family)})
				}
			}
		}
	}
	return out
}

func claimOf(m model.Matrix, id string) (claim.Claim, bool) {
	i := slices.IndexFunc(m.Claims, func(c claim.Claim) bool { return c.ID == id })
	if i < 0 {
		return claim.Claim{}, false
	}
	return m.Claims[i], true
}

// Mac answers the question that most people come with, in a sentence or two: does 127.0.0.2 work on
// a Mac? proof makes a link of a text and an address. It is empty if nothing is known.
func Mac(m model.Matrix, proof func(text, url string) string) string {
	const bind, connect = "v4.block.bind", "v4.block.delivery.tcp"
	c, has := claimOf(m, bind)
	if !has {
		return ""
	}
	var answers []string
	for _, a := range Ask(m, c).Answers {
		if shows(a.Verdict) && slices.ContainsFunc(a.Systems, func(s Share) bool { return s.Family == "macos" }) {
			answers = append(answers, a.String())
		}
	}
	if len(answers) > 0 {
		return strings.Join(answers, "; on others: ") + " (measured)."
	}
	bound, reached := m.Answer(bind, "macos"), m.Answer(connect, "macos")
	if len(bound) == 0 {
		return ""
	}
	link := func(e model.Documented) string {
		return fmt.Sprintf("documented: %s, confidence %s", proof(Versions(e), Proof(e)), e.Confidence)
	}
	if len(reached) == 0 || bound[0].Behaviour != "only-127.0.0.1" || reached[0].Behaviour != "only-127.0.0.1" {
		return fmt.Sprintf("%s (%s).", ReplyFrom(c, bound[0]), link(bound[0]))
	}
	return fmt.Sprintf("Not without an alias: binding it gives EADDRNOTAVAIL, and a connection to it gets no answer and hangs until it times out (%s).", link(bound[0]))
}
