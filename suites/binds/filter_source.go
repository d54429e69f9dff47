package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// The clients of filter.peraddr.src.
const (
	unboundClient = "unbound client"
	boundClient   = "client on 127.0.0.2"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "filter.peraddr.src",
	Family:   claim.Binds,
	Level:    claim.Impl,
	Source:   claim.Source{Note: "follows from src.select.127.0.0.2; no document says it"},
	Sentence: "A filter rule on source 127.0.0.1 applies to a client that dialled 127.0.0.2.",
	Question: "Does a rule about clients from 127.0.0.1 also hit clients of 127.0.0.2?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "applies", Means: "the client of 127.0.0.2 is denied by a rule on source 127.0.0.1, unless it has bound another address itself"},
		{Word: "applies-to-all", Means: "a client that has bound 127.0.0.2 itself is denied as well"},
		{Word: "does-not-apply", Means: "the client of 127.0.0.2 works as before"},
		{Word: "partial", Means: "only one of TCP and UDP is denied"},
	},
	Rule:    ofFlows(bySource),
	NoFault: "what is wrong with 127.0.0.2 before the rule is added ends the probe, and nothing makes the packet filter of a private host miss a rule",
}, claim.Part{Name: "rule on source 127.0.0.1", Spec: func(h *host.Host) observation.Set {
	unfiltered(h, host.Two)
	remove := h.NeedFilter(reject(host.FilterRule{Hook: host.Incoming, Source: host.One})...)
	defer func() { _ = remove() }() // the private host ends with the spec
	seen := append(knock(h, unboundClient, netip.Addr{}, host.Two), knock(h, boundClient, host.Two, host.Two)...)
	return append(seen, probe.SourceFor(h, getsockname, host.Two))
}})

func bySource(seen observation.Set) claim.Answer {
	unbound, bound := seen.Where(variantEnds(unboundClient)), seen.Where(variantEnds(boundClient))
	source := list(seen.Where(variantEnds(getsockname)).Sources())
	switch {
	case len(unbound) == 0 || len(bound) == 0:
		return claim.Unclear("not both clients tried")
	case unbound.AllOK():
		return claim.Shows("does-not-apply", "the source is %s", source)
	case denied(unbound) && denied(bound):
		return claim.Shows("applies-to-all", "both give %s", list(seen.Errors()))
	case denied(unbound) && bound.AllOK():
		return claim.Shows("applies", "%s; the source is %s", list(unbound.Errors()), source)
	default:
		return claim.Shows("partial", "works over %s", list(cells(seen.Outcome(observation.OK))))
	}
}
