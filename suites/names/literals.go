package names

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "name.literals",
	Family: claim.Names,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{
		{Document: "POSIX.1-2024", Section: "getaddrinfo", URL: "https://pubs.opengroup.org/onlinepubs/9799919799/functions/getaddrinfo.html"},
		{Document: "POSIX.1-2024", Section: "inet_addr", URL: "https://pubs.opengroup.org/onlinepubs/9799919799/functions/inet_addr.html"}},
		Note: "getaddrinfo takes the spellings of inet_addr; inet_pton and Go's netip take four decimal numbers only, by design"},
	Sentence: "getaddrinfo reads 127.1, 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1.",
	Question: "Is 127.1 the same as 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-literals",
	Behaviours: []claim.Behaviour{
		{Word: "all", Means: "all four spellings are 127.0.0.1", Conforms: true},
		{Word: "partial", Means: "some spellings are 127.0.0.1, the others have no answer"},
		{Word: "misread", Means: "a spelling is read as another address"},
		isNone, isTimeout,
	},
	Rule: literals,
}, func(h *host.Host) observation.Set {
	return ask(h, addresses("127.1", "ip4"), addresses("2130706433", "ip4"), addresses("0x7f.1", "ip4"), addresses("0177.0.0.1", "ip4"))
})

func literals(seen observation.Set) claim.Answer {
	said, err := read(seen)
	switch words := said.words(); {
	case err != nil:
		return claim.Unclear("%v", err)
	case len(words) == 0:
		return shows(seen, said.lack(), "no answer")
	case !all(words, func(w string) bool { return w == "127.0.0.1" }):
		return shows(seen, "misread", "the answers are %s", strings.Join(words, " "))
	case len(said.missing) > 0:
		return shows(seen, "partial", "no answer for %s", strings.Join(said.missing, ", "))
	default:
		return shows(seen, "all", "all are 127.0.0.1")
	}
}
