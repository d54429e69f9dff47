package binds

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "src.bound.any127",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(5735, "3")},
		Note: "as v4.block.bind: section 3 suggests that only 127.0.0.1 is ordinary; tests and proxies take the others for identities"},
	Sentence: "A client may bind any address of 127.0.0.0/8, such as 127.0.0.5, and the server sees it.",
	Question: "Can a client have a loopback address of its own, so that the server can tell it from others?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "bound-source-rewritten",
	Behaviours: []claim.Behaviour{
		{Word: "seen", Means: "every address that was tried can be bound, and the server sees it"},
		{Word: "partial", Means: "some addresses can be bound and are seen, others not"},
		{Word: "rewritten", Means: "the server sees another address than the one that the client bound"},
		{Word: claim.AnyErrno, Means: "no address can be bound or spoken from, with this error"},
		{Word: "lost", Means: "the addresses can be bound, and nothing sent from them arrives"},
	},
	Rule: ofFlows(boundSource),
}, func(h *host.Host) observation.Set {
	one := []netip.Addr{host.One}
	seen := probe.Each(h.Sample[1:boundAddresses], func(from netip.Addr) observation.Observation {
		server, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(host.One, 0))
		h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on 127.0.0.1")
		defer func() { _ = server.Close() }()
		return probe.Connect(h, probe.Dials{Server: server, Port: at.Port(), From: from, Variant: fromPrefix + from.String()}, one)[0]
	})
	server, at, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(host.One, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a UDP socket on 127.0.0.1")
	defer func() { _ = server.Close() }()
	for _, from := range h.Sample[1:boundAddresses] {
		seen = append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: at.Port(), From: from, Variant: fromPrefix + from.String()}, one)...)
	}
	return seen
})

// boundAddresses is how many addresses of the sample there are with a name in package host,
// 127.0.0.1 included.
const boundAddresses = 6

// fromPrefix precedes the address that the client bound in a variant.
const fromPrefix = "from "

// boundSource reads whether the server saw what the client bound.
func boundSource(seen observation.Set) claim.Answer {
	good := seen.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.OK && fromPrefix+o.Source == o.Variant
	})
	wrong := seen.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.Astray || o.Outcome == observation.OK && fromPrefix+o.Source != o.Variant
	})
	errs := seen.Errors()
	switch {
	case len(seen) == 0:
		return claim.Unclear("nothing was sent")
	case len(wrong) > 0:
		return claim.Shows("rewritten", "%s, seen as %s", wrong[0].Variant, wrong[0].Source)
	case good.Count() == seen.Count():
		return claim.Shows("seen", "%d addresses, over TCP and UDP", len(variants(good)))
	case len(good) > 0:
		return claim.Shows("partial", "%d of %d flows; otherwise %s", good.Count(), seen.Count(), list(errs))
	case strings.HasPrefix(errs[0], "E"):
		return claim.Shows(errs[0], "%s", list(errs))
	default:
		return claim.Shows("lost", "%s", list(errs))
	}
}
