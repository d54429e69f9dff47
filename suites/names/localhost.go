package names

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var item3 = claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
	Note: "item 3: resolver libraries \"SHOULD always return the IP loopback address for address queries\""}

var _ = claim.It(claim.Claim{
	ID:       "name.localhost.v4",
	Family:   claim.Names,
	Level:    claim.Should,
	Source:   item3,
	Sentence: "The name localhost has an IPv4 address, and it is in 127.0.0.0/8.",
	Question: "Does localhost resolve to 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-localhost-v4",
	Behaviours: []claim.Behaviour{
		{Word: "127.0.0.1", Means: "the only answer is 127.0.0.1", Conforms: true},
		{Word: "other-loopback", Means: "every answer is in 127.0.0.0/8, and not only 127.0.0.1", Conforms: true},
		{Word: elsewhere, Means: "an answer is no loopback address"},
		isNone, isTimeout,
	},
	Rule: only("127.0.0.1"),
}, func(h *host.Host) observation.Set { return ask(h, addresses("localhost", "ip4")) })

var _ = claim.It(claim.Claim{
	ID:       "name.localhost.v6",
	Family:   claim.Names,
	Level:    claim.Should,
	Source:   item3,
	Sentence: "The name localhost has the IPv6 address ::1.",
	Question: "Does localhost resolve to ::1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-localhost-v6",
	Behaviours: []claim.Behaviour{
		{Word: "::1", Means: "the only answer is ::1", Conforms: true},
		{Word: "dead-::1", Means: "the only answer is ::1, which can't be used on this host"},
		{Word: elsewhere, Means: "an answer is no loopback address"},
		isNone, isTimeout,
	},
	Rule: alive,
}, func(h *host.Host) observation.Set {
	return append(ask(h, addresses("localhost", "ip6")), probe.Bind(h, sock.UDP, "", host.One6))
})

// alive reads whether a name has ::1 and no other address, and this host has it, too. Reports from
// before that was tried do not tell.
func alive(seen observation.Set) claim.Answer {
	answer := only("::1")(seen)
	if own, tried := seen.Op("bind").First(); answer.Word == "::1" && tried && own.Outcome == observation.Unavailable {
		return shows(seen, "dead-::1", "the answer is ::1, and binding it gives %s", own.Errno)
	}
	return answer
}

// only reads whether a name has this address and no other.
func only(address string) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		said, err := read(seen)
		switch words := said.words(); {
		case err != nil:
			return claim.Unclear("%v", err)
		case len(words) == 0:
			return shows(seen, said.lack(), "no answer")
		case !all(words, isLoopback):
			return shows(seen, elsewhere, "the answer is %s", strings.Join(words, " "))
		case !all(words, func(w string) bool { return w == address }):
			return shows(seen, "other-loopback", "the answer is %s", strings.Join(words, " "))
		default:
			return shows(seen, address, "the answer is %s", address)
		}
	}
}
