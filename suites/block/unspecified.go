package block

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.unspecified.connect",
	Family: claim.Block,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3(a)")},
		Note: `4.2BSD tradition takes 0.0.0.0 as a destination for "this host". RFC 1122 says of it: "MUST NOT be sent, except as a ` +
			`source address as part of an initialization procedure", which would be broken only if it left the host.`},
	Sentence: "Connecting to 0.0.0.0 reaches this host.",
	Question: "Can a client connect to 0.0.0.0, and where does it end up?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-connect-to-0.0.0.0",
	Behaviours: []claim.Behaviour{
		{Word: "127.0.0.1", Means: "it reaches a wildcard listener of this host, and getpeername gives 127.0.0.1"},
		{Word: "own-address", Means: "it reaches a wildcard listener of this host, and getpeername gives another address of it"},
		{Word: "0.0.0.0", Means: "it reaches a wildcard listener of this host, and getpeername still gives 0.0.0.0"},
		{Word: "elsewhere", Means: "it connects, but not to the listener on this host"},
		{Word: "timeout", Means: "it gets no answer"},
		{Word: claim.AnyErrno, Means: "it fails at once"},
	},
	Rule: unspecified,
}, func(h *host.Host) observation.Set {
	server, port := serve(h, sock.TCP, wildcard)
	defer func() { _ = server.Close() }()
	return probe.Connect(h, probe.Dials{Server: server, Port: port, Variant: onWildcard, Note: peerName},
		[]netip.Addr{wildcard.Addr()})
})

// peerName is the address without the port that getpeername gives, or its error.
func peerName(s sock.Socket) string {
	peer, err := s.PeerName()
	if err != nil {
		return sock.Reason(err)
	}
	return peer.Addr().String()
}

func unspecified(seen observation.Set) claim.Answer {
	o, tried := seen.Op("connect").First()
	switch {
	case !tried:
		return claim.Unclear("0.0.0.0 was not dialled")
	case o.Outcome == observation.OK && (o.Value == host.One.String() || o.Value == "0.0.0.0"):
		return claim.Shows(o.Value, "getpeername")
	case o.Outcome == observation.OK:
		return claim.Shows("own-address", "getpeername gives %s", o.Value)
	case o.Outcome == observation.Astray:
		return claim.Shows("elsewhere", "%s", o.Value)
	case o.Errno != "" && o.Outcome != observation.Timeout:
		return claim.Shows(o.Errno, "connect")
	case o.Outcome == observation.Timeout:
		return claim.Shows("timeout", "connect")
	default:
		return claim.Unclear("connect: %s %s", o.Outcome, o.Value)
	}
}
