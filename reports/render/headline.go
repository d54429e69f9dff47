package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Headline is a question that people ask, and what each kind of system answers.
type Headline struct {
	claim.Claim
	// Answers are the different ones, in the order of the systems that give them; what has no
	// answer comes last.
	Answers []Answer
	// Documented are the answers of systems that were not measured, or whose newest version was
	// not.
	Documented []Known
	// Unanswered are the systems of which not even public material tells.
	Unanswered []model.Unanswered
}

// Answer is one answer to a question and the kinds of system that give it.
type Answer struct {
	Reply
	// Verdict is that of the cells.
	Verdict claim.Verdict
	// Systems give this answer.
	Systems []Share
}

// Share is the platforms of one kind of system that give an answer.
type Share struct {
	System
	// Same are the platforms that give it.
	Same []model.Column
	// Of is how many platforms of this kind give any answer, or exist if none does.
	Of int
}

// System is a kind of system: a family of platforms.
type System struct {
	// Family is the word for it in a report: "macos".
	Family string
	// Name is the one for people: "macOS".
	Name string
}

// names of the families that the kit tells by itself, in the order of the pages. Another one stands
// by its own word.
func systems() []System {
	return []System{{"linux", "Linux"}, {"macos", "macOS"}, {"windows", "Windows"}, {"freebsd", "FreeBSD"}, {"openbsd", "OpenBSD"},
		{"netbsd", "NetBSD"}, {"dragonfly", "DragonFly BSD"}, {"illumos", "illumos"}, {"solaris", "Solaris"}, {"wsl1", "WSL 1"},
		{"gvisor", "gVisor"}, {"wine", "Wine"}}
}

// SystemOf names a family of platforms.
func SystemOf(family string) System {
	for _, s := range systems() {
		if s.Family == family {
			return s
		}
	}
	if len(family) > maxName {
		return System{family, strings.ToValidUTF8(family[:maxName], "") + "…"}
	}
	return System{family, family}
}

// maxName is the longest name of a system that stands in a heading, in bytes; a word of a stranger
// may be longer.
const maxName = 30

// Systems lists the families of some platforms, the ones that people ask about most first, unknown
// ones by their words.
func Systems(platforms []model.Column) []System {
	var out []System
	for _, p := range platforms {
		if s := SystemOf(p.Family); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	place := func(s System) int {
		if i := slices.Index(systems(), s); i >= 0 {
			return i
		}
		return len(systems())
	}
	slices.SortFunc(out, func(a, b System) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Family, b.Family)) })
	return out
}

// Headlines answers what people ask. A system counts by its platforms that have a behaviour to
// show; only if none has does it stand under what kept them from it.
func Headlines(m model.Matrix) []Headline {
	m = Clean(m)
	var out []Headline
	for _, c := range m.Claims {
		if c.Headline {
			out = append(out, Ask(m, c))
		}
	}
	return out
}

// Ask answers the question of any claim, as Headlines does. The texts of the matrix are taken as
// they are.
func Ask(m model.Matrix, c claim.Claim) Headline {
	h := Headline{Claim: c}
	for _, s := range Systems(m.Platforms) {
		h.count(m, s)
	}
	h.Documented = known(m, c)
	for _, u := range m.Documented.Unanswered {
		if u.Claim == c.ID && m.Measured(c.ID, u.System) == "" {
			h.Unanswered = append(h.Unanswered, u)
		}
	}
	slices.SortStableFunc(h.Answers, func(a, b Answer) int {
		return cmp.Or(boolOrder(a.Verdict == unknown, b.Verdict == unknown), boolOrder(!shows(a.Verdict), !shows(b.Verdict)))
	})
	return h
}

// shows says whether a verdict comes with a behaviour.
func shows(v claim.Verdict) bool {
	return v == claim.Conforms || v == claim.Deviates || v == claim.Observed
}

// count adds what the platforms of a system answer.
func (h *Headline) count(m model.Matrix, s System) {
	v := view{Matrix: m}
	var of, silent []model.Column
	for _, p := range m.Platforms {
		switch {
		case p.Family != s.Family:
		case shows(v.at(h.ID, p.ID).Verdict):
			of = append(of, p)
		default:
			silent = append(silent, p)
		}
	}
	if len(of) == 0 {
		of = silent
	}
	for _, p := range of {
		cell := v.at(h.ID, p.ID)
		h.add(cell.Verdict, ReplyTo(h.Claim, cell), Share{System: s, Same: []model.Column{p}, Of: len(of)})
	}
}

// add puts the platform of a share to the answer that it gives.
func (h *Headline) add(v claim.Verdict, r Reply, one Share) {
	i := slices.IndexFunc(h.Answers, func(a Answer) bool { return a.Verdict == v && a.Reply == r })
	if i < 0 {
		i = len(h.Answers)
		h.Answers = append(h.Answers, Answer{Reply: r, Verdict: v})
	}
	a := &h.Answers[i]
	j := slices.IndexFunc(a.Systems, func(s Share) bool { return s.System == one.System })
	if j < 0 {
		a.Systems = append(a.Systems, one)
		return
	}
	a.Systems[j].Same = append(a.Systems[j].Same, one.Same...)
}
