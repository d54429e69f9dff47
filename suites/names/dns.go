package names

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

// The parts: most systems know localhost from the hosts file only.
const (
	listed   = "localhost in the hosts file"
	unlisted = "localhost not in the hosts file"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "name.localhost.nodns",
	Family: claim.Names,
	Level:  claim.ShouldNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
		Note: "item 3: \"Name resolution APIs SHOULD NOT send queries for localhost names to their configured caching DNS server(s).\" Localhost names are localhost and all below it; the hosts file is not mentioned"},
	Sentence: "Resolving localhost, or a name below it, sends no DNS query.",
	Question: "Does my name server get to see localhost?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "local", Means: "no query for localhost, LOCALHOST, localhost. or foo.localhost is sent, whatever the hosts file knows", Conforms: true},
		{Word: "subdomains-ask-dns", Means: "localhost is never asked of the name server, and names below it are"},
		{Word: "hosts-file-only", Means: "localhost is not asked of the name server as long as the hosts file has it, and is without that or with a final dot"},
		{Word: resolve.AsksDNS, Means: "localhost is asked of the name server although the hosts file has it"},
	},
	Rule:  ofBoth(asksFor),
	Fault: "hosts-without-localhost",
},
	claim.Part{Name: listed, In: with(usualHosts), Spec: askForLocalhost},
	claim.Part{Name: unlisted, In: with(bareHosts), Spec: askForLocalhost})

var localhostNames = []string{"localhost", "LOCALHOST", "localhost.", "foo.localhost"}

func askForLocalhost(h *host.Host) observation.Set {
	s := serve(h, nil)
	defer func() { _ = s.Close() }()
	var seen observation.Set
	for _, a := range askers(h) {
		for _, name := range localhostNames {
			answer, query := overhear(h, s, a, addresses(name, "ip"))
			seen = append(seen, answer, query)
		}
	}
	return seen
}

// asksFor reads for which names one resolver asks the name server.
func asksFor(seen observation.Set) claim.Answer {
	queries := seen.Op("query")
	with, without := part(queries, listed), part(queries, unlisted)
	if len(with.Targets()) < len(localhostNames) || len(without.Targets()) < len(localhostNames) {
		return claim.Unclear("not all names were asked for")
	}
	inSpite, otherwise := sent(with), sent(without)
	answer := func(word string) claim.Answer {
		return claim.Shows(word, "the name server is asked for %s, and without localhost in the hosts file for %s", list(inSpite), list(otherwise))
	}
	switch {
	case slices.ContainsFunc(inSpite, isPlainLocalhost):
		return answer(resolve.AsksDNS)
	case slices.ContainsFunc(append(inSpite, otherwise...), isLocalhost):
		return answer("hosts-file-only")
	case len(inSpite)+len(otherwise) > 0:
		return answer("subdomains-ask-dns")
	default:
		return answer("local")
	}
}

func isPlainLocalhost(name string) bool { return strings.EqualFold(name, "localhost") }

func isLocalhost(name string) bool { return isPlainLocalhost(strings.TrimSuffix(name, ".")) }

// sent lists what the name server was asked for, sorted.
func sent(queries observation.Set) []string {
	return slices.Sorted(slices.Values(queries.Outcome(observation.OK).Targets()))
}

func list(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}
