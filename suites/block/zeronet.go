package block

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The two addresses of v4.zeronet.send: one of 0.0.0.0/8, and one of TEST-NET-1 (RFC 5737), which is nowhere but is an
// ordinary destination to the system.
var (
	zeroNet  = netip.AddrFrom4([4]byte{0, 1, 2, 3})
	ordinary = netip.AddrFrom4([4]byte{192, 0, 2, 1})
)

var _ = claim.It(claim.Claim{
	ID:     "v4.zeronet.send",
	Family: claim.Block,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3(b)"), claim.RFC(6890, "2.2.2")},
		Note: `RFC 1122 on {0, <Host-number>}: "It MUST NOT be sent, except as a source address as part of an initialization ` +
			`procedure". The kit sends nothing: connect on a UDP socket tells whether the system would. A system that refuses only ` +
			`when it sends shows as routed; Linux has allowed the block as unicast since 5.3.`},
	Sentence: "Sending to an address of 0.0.0.0/8 other than 0.0.0.0 is refused locally.",
	Question: "Does the system refuse to send to 0.1.2.3?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "zeronet-is-routed",
	Behaviours: []claim.Behaviour{
		{Word: "refused", Means: "connect to 0.1.2.3 fails, although an ordinary address has a route", Conforms: true},
		{Word: "routed", Means: "connect to 0.1.2.3 succeeds: the system would send there"},
	},
	Rule: zeroNetwork,
}, func(h *host.Host) observation.Set {
	zero, errZero := probe.Route(h, zeroNet)
	control, err := probe.Route(h, ordinary)
	if sock.OutcomeOf(errZero) != observation.OK && sock.OutcomeOf(errZero) == sock.OutcomeOf(err) {
		h.NotRun("connect", err) // the refusal of 0.1.2.3 says nothing about it: the host has no route to anywhere
	}
	return observation.Set{zero, control}
})

func zeroNetwork(seen observation.Set) claim.Answer {
	o, tried := seen.Op("connect").Target(zeroNet.String()).First()
	switch {
	case !tried:
		return claim.Unclear("%s was not tried", zeroNet)
	case o.Outcome == observation.OK:
		return claim.Shows("routed", "connect to %s succeeds", zeroNet)
	default:
		return claim.Shows("refused", "connect to %s gives %s", zeroNet, o.Problem())
	}
}
