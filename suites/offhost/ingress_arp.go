package offhost

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.ingress.noarpreply",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: an ARP reply lets the address appear outside the host.", claim.RFC(826, "")),
	Sentence: "An ARP request for an address of 127.0.0.0/8 is not answered.",
	Question: "Does my machine answer when a neighbour asks who has 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "no-reply", Means: "the request got no reply, and one for an ordinary address after it did", Conforms: true},
		{Word: "replies", Means: "the request got a reply"},
	},
	Rule:  replies,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	var seen observation.Set
	for _, target := range martianSamples() {
		seen = append(seen, probe.Ask(h, h.Cable(), "", h.Cable().Peer.IPv4, target, target)...)
	}
	return seen
})...)

func replies(seen observation.Set) claim.Answer {
	seen = seen.Op(probe.Resolve)
	switch got := seen.Outcome(observation.OK); {
	case len(got) > 0:
		return claim.Shows("replies", "%s", strings.Join(got.Values(), ", "))
	case len(seen.Outcome(observation.Nothing)) == 0:
		return claim.Unclear("nothing was asked")
	default:
		return claim.Shows("no-reply", "%d requests got no reply", seen.Count())
	}
}

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.ingress.arpsender",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   outside("Derived: RFC 826 has the receiver note the sender's address, RFC 1122 makes such an address invalid on a link.", claim.RFC(826, "")),
	Sentence: "An ARP request whose sender address is in 127.0.0.0/8 creates no neighbour entry and gets no reply.",
	Question: "Can a neighbour plant 127.0.0.1 in the ARP table of my machine?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "ignored", Means: "it gets no reply and leaves no entry"},
		{Word: "replies", Means: "it gets a reply, and leaves no entry"},
		{Word: "learned", Means: "it leaves a neighbour entry"},
	},
	Rule:  learns,
	Fault: "route-localnet",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	c := h.Cable()
	if _, err := h.Admin.Neighbours(c.Index); err != nil {
		h.NotRun(listNeighbours, err)
	}
	var seen observation.Set
	for _, sender := range martianSamples() {
		for _, ask := range []struct {
			variant string
			target  netip.Addr
		}{{"for the host's address", c.Host.IPv4}, {"for its own", sender}} { // the latter is an announcement (RFC 5227 2.3)
			seen = append(seen, probe.Ask(h, c, ask.variant, sender, ask.target, sender)...)
			seen = append(seen, neighbour(h, ask.variant, sender))
		}
	}
	h.Expect(neighbour(h, "control", c.Peer.IPv4).Outcome).To(gomega.Equal(observation.OK), "the table knows the neighbour itself")
	return seen
})...)

// listNeighbours is the operation of looking an address up in the neighbour table: OK if it is
// there, NoAnswer if not.
const listNeighbours = "list neighbours"

func neighbour(h *host.Host, variant string, a netip.Addr) observation.Observation {
	p := probe.Begin(h, listNeighbours, "", variant, a.String())
	all, err := h.Admin.Neighbours(h.Cable().Index)
	o := p.End(err)
	if err == nil && !slices.Contains(all, a) {
		o.Outcome = observation.NoAnswer
	}
	return o
}

func learns(seen observation.Set) claim.Answer {
	entries := seen.Op(listNeighbours)
	switch {
	case len(entries.Outcome(observation.OK)) > 0:
		return claim.Shows("learned", "an entry for %s", strings.Join(entries.Outcome(observation.OK).Targets(), ", "))
	case len(entries.Outcome(observation.NoAnswer)) == 0:
		return claim.Unclear("the neighbour table was not read: %s", strings.Join(entries.Errors(), ", "))
	}
	answer := replies(seen)
	if answer.Word == "no-reply" {
		answer.Word = "ignored"
	}
	return answer
}
