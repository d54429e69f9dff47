package names

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

var reverseWords = []claim.Behaviour{
	{Word: "localhost", Means: "the name is localhost", Conforms: true},
	{Word: "localhost.localdomain", Means: "the name is localhost.localdomain, which some hosts files put first"},
	{Word: "ip6-localhost", Means: "the name is ip6-localhost, which some hosts files put first"},
	{Word: "own-name", Means: "the name is the one that the host has for itself"},
	{Word: "other-name", Means: "the name is another one"},
	isNone, isTimeout,
}

var _ = claim.It(claim.Claim{
	ID:         "name.reverse.v4",
	Family:     claim.Names,
	Level:      claim.Should,
	Source:     claim.Source{References: []claim.Reference{claim.RFC(6303, "4.2"), claim.RFC(1912, "4.1")}},
	Sentence:   "The address 127.0.0.1 has the name localhost.",
	Question:   "Which name does 127.0.0.1 have?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "reverse-v4-own-name",
	Behaviours: reverseWords,
	Rule:       reverse,
}, func(h *host.Host) observation.Set { return ask(h, names(host.One)) })

var _ = claim.It(claim.Claim{
	ID:         "name.reverse.v6",
	Family:     claim.Names,
	Level:      claim.Should,
	Source:     claim.Source{References: []claim.Reference{claim.RFC(6303, "4.3")}},
	Sentence:   "The address ::1 has the name localhost.",
	Question:   "Which name does ::1 have?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "reverse-v6-own-name",
	Behaviours: reverseWords,
	Rule:       reverse,
}, func(h *host.Host) observation.Set { return ask(h, names(host.One6)) })

// names asks for the name of an address, which is the first of an answer: getnameinfo gives no
// other. A name that tells something about the host or its network is replaced by a word for it.
func names(a netip.Addr) question {
	return question{"getnameinfo", a.String(), func(r resolve.Resolver) (string, error) {
		found, err := r.Names(a)
		if err != nil || len(found) == 0 {
			return "", err
		}
		own, _ := resolve.HostName(r) // without one, no name is the host's own
		return nameWord(found[0], own), nil
	}}
}

func nameWord(name, own string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	short, _, _ := strings.Cut(own, ".")
	switch {
	case name == "localhost", name == "localhost.localdomain", name == "ip6-localhost":
		return name
	case own != "" && (strings.EqualFold(name, own) || strings.EqualFold(name, short) || strings.HasPrefix(name, strings.ToLower(short)+".")):
		return "own-name"
	default:
		return "other-name"
	}
}

func reverse(seen observation.Set) claim.Answer {
	said, err := read(seen)
	switch words := said.words(); {
	case err != nil:
		return claim.Unclear("%v", err)
	case len(words) == 0:
		return shows(seen, said.lack(), "no name")
	default:
		return shows(seen, words[0], "the name is %s", words[0])
	}
}
