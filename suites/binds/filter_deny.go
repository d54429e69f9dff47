package binds

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "filter.peraddr.deny",
	Family:   claim.Binds,
	Level:    claim.Folk,
	Source:   claim.Source{Note: "the manuals of packet filters; none of them speaks of single loopback addresses"},
	Sentence: "A filter rule on destination 127.0.0.2 denies that address and leaves 127.0.0.1 alone.",
	Question: "Can a firewall rule block 127.0.0.2 alone?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "separate", Means: "127.0.0.2 is denied over TCP and UDP, and 127.0.0.1 works as before"},
		{Word: "both-denied", Means: "127.0.0.1 is denied as well"},
		{Word: "not-applied", Means: "127.0.0.2 works as before"},
		{Word: "partial", Means: "only one of TCP and UDP is denied"},
	},
	Rule:    ofFlows(deny),
	NoFault: "what is wrong with 127.0.0.2 before the rule is added ends the probe, and nothing makes the packet filter of a private host miss a rule",
}, claim.Part{Name: "rule on 127.0.0.2", Spec: func(h *host.Host) observation.Set {
	unfiltered(h, host.One, host.Two)
	remove := h.NeedFilter(reject(host.FilterRule{Hook: host.Incoming, Destination: host.Two})...)
	defer func() { _ = remove() }() // the private host ends with the spec
	return knock(h, "", host.One, host.One, host.Two)
}})

func deny(seen observation.Set) claim.Answer {
	ruled, other := seen.Target(host.Two.String()), seen.Target(host.One.String())
	switch {
	case len(ruled) == 0 || len(other) == 0:
		return claim.Unclear("not both addresses were tried")
	case ruled.AllOK() && other.AllOK():
		return claim.Shows("not-applied", "127.0.0.2 is reached over TCP and UDP")
	case denied(ruled) && other.AllOK():
		return claim.Shows("separate", "127.0.0.2 gives %s, 127.0.0.1 is reached", list(ruled.Errors()))
	case !other.AllOK():
		return claim.Shows("both-denied", "127.0.0.1 gives %s", list(other.Errors()))
	default:
		return claim.Shows("partial", "127.0.0.2 is reached over %s", list(cells(ruled.Outcome(observation.OK))))
	}
}
