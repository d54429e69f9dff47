package names

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "name.absolute",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
		Note: "the section is about the domain \"localhost.\", written with its final dot"},
	Sentence: "The name localhost with a final dot has the same addresses as without.",
	Question: "Does localhost. with a dot at the end work?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-final-dot",
	Behaviours: []claim.Behaviour{
		{Word: "same", Means: "the answer is that for localhost, and loopback", Conforms: true},
		{Word: elsewhere, Means: "the answer is that for localhost, and no loopback address"},
		{Word: "differs", Means: "the answer is another than that for localhost"},
		isNone, isTimeout,
	},
	Rule: likeLocalhost,
}, func(h *host.Host) observation.Set { return ask(h, each("localhost", "localhost.")...) })

var _ = claim.It(claim.Claim{
	ID:     "name.case",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4343, "3"), claim.RFC(6761, "6.3")},
		Note: "names are compared without regard to the case of ASCII letters"},
	Sentence: "The names LOCALHOST and LocalHost have the same addresses as localhost.",
	Question: "Does it matter whether I write localhost or LOCALHOST?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "case-matters",
	Behaviours: []claim.Behaviour{
		{Word: "same", Means: "the answers are those for localhost, and loopback", Conforms: true},
		{Word: elsewhere, Means: "the answers are those for localhost, and one is no loopback address"},
		{Word: "partial", Means: "one of the spellings has the answer for localhost, the other has none"},
		{Word: "differs", Means: "an answer is another than that for localhost"},
		isNone, isTimeout,
	},
	Rule: likeLocalhost,
}, func(h *host.Host) observation.Set { return ask(h, each("localhost", "LOCALHOST", "LocalHost")...) })

// likeLocalhost reads whether other spellings of localhost have its answer. Where localhost itself
// has none, an answer differs, and none is none.
func likeLocalhost(seen observation.Set) claim.Answer {
	said, err := read(seen)
	if err != nil {
		return claim.Unclear("%v", err)
	}
	plain := said.to("localhost")
	same, other := 0, ""
	for _, g := range said.given {
		for _, t := range g.targets {
			switch {
			case t == "localhost":
			case slices.Equal(g.words, plain):
				same++
			default:
				other = t + " has " + strings.Join(g.words, " ")
			}
		}
	}
	missing := slices.DeleteFunc(slices.Clone(said.missing), func(t string) bool { return t == "localhost" })
	switch {
	case same == 0 && other == "" && len(missing) == 0:
		return claim.Unclear("nothing but localhost was asked for")
	case other != "":
		return shows(seen, "differs", "%s, localhost has %s", other, strings.Join(plain, " "))
	case same == 0:
		return shows(seen, said.lack(), "no answer")
	case !all(plain, isLoopback):
		return shows(seen, elsewhere, "the answer is %s", strings.Join(plain, " "))
	case len(missing) > 0:
		return shows(seen, "partial", "no answer for %s", strings.Join(missing, ", "))
	default:
		return shows(seen, "same", "the answer is %s", strings.Join(plain, " "))
	}
}
