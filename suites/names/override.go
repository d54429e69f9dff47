package names

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve/stub"
)

// The parts: who says that localhost is somewhere else.
const (
	hostsSay  = "the hosts file says otherwise"
	serverSay = "the name server says otherwise"
)

// What localhost is given instead of loopback: a documentation address (RFC 5737) and a unique
// local one (RFC 4193).
var (
	another  = netip.MustParseAddr("192.0.2.9")
	another6 = netip.MustParseAddr("fd4c:4d58::9")
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "name.must",
	Family: claim.Names,
	Level:  claim.None,
	Source: claim.Source{References: []claim.Reference{{Document: "draft-ietf-dnsop-let-localhost-be-localhost",
		URL: "https://datatracker.ietf.org/doc/draft-ietf-dnsop-let-localhost-be-localhost/"}},
		Note: "the draft has expired; it would have made a MUST of what RFC 6761 6.3 recommends"},
	Sentence: "No configuration of the host can give localhost another address than loopback.",
	Question: "Can an entry in the hosts file send localhost elsewhere?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	NoFault:  "what may override localhost is decided in the resolver's library, and each part brings its own hosts file and name server",
	Behaviours: []claim.Behaviour{
		{Word: "loopback-always", Means: "neither the hosts file nor the name server can give localhost an address that is not loopback"},
		{Word: "overridden-by-hosts", Means: "the hosts file can give localhost any address, and the name server can't"},
		{Word: "overridden-by-dns", Means: "the name server can give localhost any address if the hosts file does not have it, and the hosts file can't"},
		{Word: "overridden-by-both", Means: "the hosts file can give localhost any address, and so can the name server if the hosts file does not have it"},
	},
	Rule: ofBoth(overridden),
},
	claim.Part{Name: hostsSay, In: with(another.String() + " localhost\n" + another6.String() + " localhost\n"),
		Spec: func(h *host.Host) observation.Set { return askWhereLocalhostIs(h, nil) }},
	claim.Part{Name: serverSay, In: with(bareHosts),
		Spec: func(h *host.Host) observation.Set {
			return askWhereLocalhostIs(h, stub.Book{"localhost.": {another, another6}})
		}})

func askWhereLocalhostIs(h *host.Host, book stub.Book) observation.Set {
	s := serve(h, book)
	defer func() { _ = s.Close() }()
	var seen observation.Set
	for _, a := range askers(h) {
		answer, query := overhear(h, s, a, addresses("localhost", "ip"))
		seen = append(seen, answer, query)
	}
	return seen
}

// overridden reads who could give localhost another address with one resolver.
func overridden(seen observation.Set) claim.Answer {
	words := map[[2]bool]string{{false, false}: "loopback-always", {true, false}: "overridden-by-hosts",
		{false, true}: "overridden-by-dns", {true, true}: "overridden-by-both"}
	var led [2]bool
	var told [2]string
	for i, name := range []string{hostsSay, serverSay} {
		answer, asked := part(seen, name).Op("getaddrinfo AF_UNSPEC").First()
		word, clear := lacking(answer)
		switch {
		case !asked || !clear || word == timeout:
			return claim.Unclear("when %s: no answer, %s", name, answer.Problem())
		case word == "":
			led[i], told[i] = !all(strings.Fields(answer.Value), isLoopback), answer.Value
		default:
			told[i] = word
		}
	}
	return claim.Shows(words[led], "when %s, the answer is %s; when %s, %s", hostsSay, told[0], serverSay, told[1])
}
