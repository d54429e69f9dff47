package names

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "name.gai.null",
	Family: claim.Names,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "6.1"),
		{Document: "POSIX.1-2024", Section: "getaddrinfo", URL: "https://pubs.opengroup.org/onlinepubs/9799919799/functions/getaddrinfo.html"}},
		Note: "without AI_PASSIVE, a null node name stands for the loopback address"},
	Sentence: "Without a node name and without AI_PASSIVE, getaddrinfo gives the loopback address of the family asked for.",
	Question: "Does getaddrinfo without a host name give me loopback?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "null-node-is-unspecified",
	Behaviours: []claim.Behaviour{
		{Word: "loopback", Means: "127.0.0.1 for AF_INET and ::1 for AF_INET6", Conforms: true},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 for AF_INET and no answer for AF_INET6"},
		{Word: "only-::1", Means: "::1 for AF_INET6 and no answer for AF_INET"},
		{Word: "unspecified", Means: "0.0.0.0 or ::, as if AI_PASSIVE had been given"},
		{Word: elsewhere, Means: "an answer is neither loopback nor unspecified"},
		isNone, isTimeout,
	},
	Rule: nullNode,
}, func(h *host.Host) observation.Set {
	return ask(h, nobody("ip4"), nobody("ip6"))
})

// nobody asks for a null node.
func nobody(family string) question {
	q := addresses("", family)
	q.target = "null node"
	return q
}

func nullNode(seen observation.Set) claim.Answer {
	said, err := read(seen)
	words := said.words()
	answer := func(word string) claim.Answer {
		return shows(seen, word, "the answers are %s", strings.Join(words, " "))
	}
	switch {
	case err != nil:
		return claim.Unclear("%v", err)
	case len(words) == 0:
		return shows(seen, said.lack(), "no answer")
	case slices.ContainsFunc(words, isUnspecified):
		return answer("unspecified")
	case !all(words, isLoopback):
		return answer(elsewhere)
	case all(words, isIPv6):
		return answer("only-::1")
	case !slices.ContainsFunc(words, isIPv6):
		return answer("only-127.0.0.1")
	default:
		return answer("loopback")
	}
}

func isUnspecified(address string) bool {
	a, err := netip.ParseAddr(address)
	return err == nil && a.IsUnspecified()
}
