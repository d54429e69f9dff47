package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// emits are the behaviours of whatever might send from 127.0.0.0/8 on a link.
func emits() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "refused", Means: "the system refuses, and no packet with such a source was seen on the link", Conforms: true},
		{Word: "stays-inside", Means: "the system accepts the send, and no packet with such a source was seen on the link", Conforms: true},
		{Word: "other-source", Means: "a packet was seen on the link, with another source address", Conforms: true},
		{Word: "leaves", Means: "a packet with such a source was seen on the link"},
	}
}

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.egress.src.bound",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: outside(`RFC 1122 3.2.1.3: "When a host sends any datagram, the IP source address MUST be one of its own IP addresses"; by ` +
		`(g) a loopback address "MUST NOT appear outside a host", and by RFC 6890 it is no valid source.`),
	Sentence:   "A socket bound to an address of 127.0.0.0/8 that sends to another host puts nothing with that source on a link.",
	Question:   "Can a socket bound to 127.0.0.1 send packets off my machine?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: emits(),
	Rule:       sources,
	Fault:      "route-localnet",
}, inBothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	c := h.Cable()
	var seen observation.Set
	for _, from := range []netip.Addr{host.One, host.Two} {
		ordinary := link.EveryProtocol("from "+from.String(), nil, c.Peer.IPv4, far)
		seen = append(seen, probe.Emit(h, c, link.From(from, ordinary))...)
		for _, option := range link.Ties() {
			if option == sock.SendVia { // in_pktinfo names a source too, and it goes before the one that is bound
				continue
			}
			if from == host.One {
				seen = append(seen, link.Leaving(h, link.Tied("", option, c.Index, c.Peer.IPv4))...)
			}
			seen = append(seen, probe.Emit(h, c, link.From(from, link.Tied("", option, c.Index, c.Peer.IPv4, far)))...)
		}
	}
	return seen
})...)

// far is the address of a host behind the neighbour (TEST-NET-1, RFC 5737).
var far = netip.MustParseAddr("192.0.2.1")

// sources reads with which source something was seen on the link, or whether the system refused to
// send.
func sources(seen observation.Set) claim.Answer {
	watched, crossed := seen.Op("wire"), link.Crossed(seen)
	inside := crossed.Where(link.FromLoopback)
	local := seen.Where(func(o observation.Observation) bool {
		return o.Op != "wire" && o.Op != link.SetOption && o.Op != link.Control && o.Op != "socket"
	})
	// A SYN that was sent leaves the call waiting.
	accepted := local.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.OK || o.Outcome == observation.Timeout
	})
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", list(seen.Errors()))
	case len(inside) > 0:
		return claim.Shows("leaves", "%s", link.Frames(inside))
	case len(crossed) > 0:
		return claim.Shows("other-source", "%s: %s", list(crossed.Sources()), link.Frames(crossed))
	case len(accepted) > 0:
		return link.Silent(seen, claim.Shows("stays-inside", "%d packets were accepted, and none was seen on the link", accepted.Count()))
	default:
		return link.Silent(seen, claim.Shows("refused", "%s", list(local.Errors())))
	}
}
