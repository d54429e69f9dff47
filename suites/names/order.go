package names

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "name.localhost.order",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6724, "6"), claim.RFC(6724, "2.1")},
		Note: "the default policy table gives ::1 the precedence 50 and IPv4 the precedence 35; rule 1 puts an unusable destination last, and an administrator may change the table"},
	Sentence: "Asked for both families, getaddrinfo gives ::1 for localhost before 127.0.0.1.",
	Question: "Does localhost mean 127.0.0.1 or ::1 first?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "localhost-v4-first",
	Behaviours: []claim.Behaviour{
		{Word: "::1-first", Means: "::1 comes before an IPv4 address", Conforms: true},
		{Word: "127.0.0.1-first", Means: "an IPv4 address comes before ::1, although this host has ::1"},
		{Word: "127.0.0.1-first-no-::1", Means: "an IPv4 address comes before ::1, which can't be used on this host", Conforms: true},
		{Word: "only-::1", Means: "::1 is the only answer, so there is no order", Conforms: true},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 is the only answer, so there is no order", Conforms: true},
		{Word: "only-IPv4", Means: "there are IPv4 answers only, and one is another than 127.0.0.1, so there is no order", Conforms: true},
		{Word: elsewhere, Means: "an answer is no loopback address"},
		isNone, isTimeout,
	},
	Rule: order,
}, func(h *host.Host) observation.Set {
	return append(ask(h, addresses("localhost", "ip")), probe.Bind(h, sock.UDP, "", host.One6))
})

func order(seen observation.Set) claim.Answer {
	said, err := read(seen)
	if err != nil {
		return claim.Unclear("%v", err)
	}
	words := said.words()
	answer := func(word string) claim.Answer {
		return shows(seen, word, "the answer is %s", strings.Join(words, " "))
	}
	six, four := 0, 0
	for _, w := range words {
		if isIPv6(w) {
			six++
		} else {
			four++
		}
	}
	switch {
	case len(words) == 0:
		return shows(seen, said.lack(), "no answer")
	case !all(words, isLoopback):
		return answer(elsewhere)
	case four == 0:
		return answer("only-::1")
	case six == 0 && all(words, func(w string) bool { return w == host.One.String() }):
		return answer("only-127.0.0.1")
	case six == 0:
		return answer("only-IPv4")
	case isIPv6(words[0]):
		return answer("::1-first")
	}
	own, tried := seen.Op("bind").First()
	switch {
	case !tried:
		return claim.Unclear("it is not known whether this host has ::1")
	case own.Outcome == observation.OK:
		return answer("127.0.0.1-first")
	default:
		return answer("127.0.0.1-first-no-::1")
	}
}
