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
	Sentence: "getaddrinfo reads 127.1, 127.0.1, 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1.",
	Question: "Is 127.1 the same as 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-literals",
	Behaviours: []claim.Behaviour{
		{Word: "all", Means: "all of these spellings are 127.0.0.1", Conforms: true},
		{Word: "partial", Means: "some spellings are 127.0.0.1, the others have no answer"},
		{Word: "misread", Means: "a spelling is read as another address"},
		isNone, isTimeout,
	},
	Rule: literals,
}, func(h *host.Host) observation.Set {
	var questions []question
	for _, spelling := range []string{"127.1", "127.0.1", "2130706433", "0x7f.1", "0177.0.0.1"} {
		questions = append(questions, addresses(spelling, "ip4"))
	}
	// POSIX asks nothing about these. A name server may be asked for the one with the dot.
	return ask(h, append(questions, each("0", "127.0.0.1.", "::ffff:7f00:1", "64:ff9b::7f00:1", "::1%1")...)...)
})

// literals reads what became of the spellings that POSIX asks for, which are asked for as AF_INET.
// What the others are is said beside it, and decides nothing.
func literals(seen observation.Set) claim.Answer {
	demanded := seen.Op("getaddrinfo AF_INET")
	said, err := read(demanded)
	switch words := said.words(); {
	case err != nil:
		return claim.Unclear("%v", err)
	case len(words) == 0:
		return shows(demanded, said.lack(), "no answer%s", besides(seen))
	case !all(words, func(w string) bool { return w == "127.0.0.1" }):
		return shows(demanded, "misread", "the answers are %s%s", strings.Join(words, " "), besides(seen))
	case len(said.missing) > 0:
		return shows(demanded, "partial", "no answer for %s%s", strings.Join(said.missing, ", "), besides(seen))
	default:
		return shows(demanded, "all", "all are 127.0.0.1%s", besides(seen))
	}
}

// besides says what the system's resolver makes of the other spellings.
func besides(seen observation.Set) string {
	said, err := read(seen.Op("getaddrinfo AF_UNSPEC"))
	if err != nil {
		return "" // a report from before they were asked for
	}
	var out []string
	for _, g := range said.given {
		for _, t := range g.targets {
			out = append(out, t+" is "+strings.Join(g.words, " "))
		}
	}
	for _, t := range said.missing {
		out = append(out, "no answer for "+t)
	}
	return "; beside them " + strings.Join(out, ", ")
}
