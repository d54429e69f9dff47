package names

import (
	"errors"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

var _ = claim.It(claim.Claim{
	ID:     "name.hostname",
	Family: claim.Names,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{
		{Document: "Debian Reference", Section: "5.1.1", URL: "https://www.debian.org/doc/manuals/debian-reference/ch05.en.html#_the_hostname_resolution"}},
		Note: "Debian gives a host without a permanent address 127.0.1.1 for its own name, systemd's nss-myhostname its addresses or 127.0.0.2; no standard says anything"},
	Sentence: "The host's own name leads to a loopback address.",
	Question: "What does my own host name resolve to?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "hostname-unknown",
	Behaviours: []claim.Behaviour{
		{Word: "127.0.0.1", Means: "127.0.0.1 comes first"},
		{Word: "127.0.1.1", Means: "127.0.1.1 comes first"},
		{Word: "127.0.0.2", Means: "127.0.0.2 comes first"},
		{Word: "::1", Means: "::1 comes first"},
		{Word: "other-loopback", Means: "another loopback address comes first"},
		{Word: "lan", Means: "an address that is not loopback comes first"},
		isNone, isTimeout,
	},
	Rule: hostname,
}, func(h *host.Host) observation.Set {
	own, err := resolve.HostName(h.System)
	if err == nil && own == "" {
		err = errors.New("this host has no name")
	}
	if err != nil {
		h.NotRun("gethostname", err)
	}
	q := addresses(own, "ip")
	q.target = "own name" // the name itself is nobody's business
	return ask(h, q)
})

func hostname(seen observation.Set) claim.Answer {
	said, err := read(seen)
	if err != nil {
		return claim.Unclear("%v", err)
	}
	words := said.words()
	if len(words) == 0 {
		return shows(seen, said.lack(), "no answer")
	}
	word := words[0]
	switch {
	case word == elsewhere:
		word = "lan"
	case !slices.Contains([]string{"127.0.0.1", "127.0.1.1", "127.0.0.2", "::1"}, word):
		word = "other-loopback"
	}
	return shows(seen, word, "the answer is %s", strings.Join(words, " "))
}
