package names

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "name.sub",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
		Note: "the section is about \"the domain 'localhost.' and any names falling within '.localhost.'\"; many resolvers implement neither and rely on the hosts file, which has no wildcards"},
	Sentence: "Every name below localhost, such as foo.localhost, has loopback addresses and no others.",
	Question: "Does foo.localhost work?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-subdomains",
	Behaviours: []claim.Behaviour{
		{Word: "loopback", Means: "foo.localhost and a.b.localhost have loopback addresses only", Conforms: true},
		{Word: "partial", Means: "one of foo.localhost and a.b.localhost has loopback addresses, the other has no answer"},
		{Word: elsewhere, Means: "an answer is no loopback address"},
		isNone, isTimeout,
	},
	Rule: sub,
}, func(h *host.Host) observation.Set { return ask(h, each("foo.localhost", "a.b.localhost")...) })

func sub(seen observation.Set) claim.Answer {
	said, err := read(seen)
	switch words := said.words(); {
	case err != nil:
		return claim.Unclear("%v", err)
	case len(words) == 0:
		return shows(seen, said.lack(), "no answer")
	case !all(words, isLoopback):
		return shows(seen, elsewhere, "the answers are %s", strings.Join(words, " "))
	case len(said.missing) > 0:
		return shows(seen, "partial", "no answer for %s", strings.Join(said.missing, ", "))
	default:
		return shows(seen, "loopback", "the answers are %s", strings.Join(words, " "))
	}
}
