package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.egress.src",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: `"The loopback address must not be used as the source address in IPv6 packets that are sent outside of a single node."`},
	Sentence:   "No packet with the source address ::1 leaves the host.",
	Question:   "Can a socket bound to ::1 send packets to other hosts?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: neverOutside("the cable carries no packet from ::1", "the cable carries packets from ::1"),
	Rule:       oneAsSource,
	Fault:      "loopback-sources-dropped",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needAddress(h, host.One6)
	c := h.Cable()
	all := link.From(host.One6, link.EveryProtocol("", nil, c.Peer.IPv6, far))
	seen := probe.Emit(h, c, all)
	for _, option := range link.Ties() {
		seen = append(seen, link.Leaving(h, link.Tied("", option, c.Index, c.Peer.IPv6))...)
		seen = append(seen, probe.Emit(h, c, link.From(host.One6, link.Tied("", option, c.Index, c.Peer.IPv6, far)))...)
	}
	return seen
})...)

// far is the address of a host behind the neighbour, of a unique local prefix as all addresses of
// the cables.
var far = netip.MustParseAddr("fd4c:4d58:0:ffff::1")

// needAddress ends the spec unless this address can be bound: without it nothing is claimed.
func needAddress(h *host.Host, a netip.Addr) {
	s, _, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(a, 0))
	if err != nil {
		h.NotRun("bind", err)
	}
	_ = s.Close() // it told what it was opened for
}

// oneAsSource reads whether anything from ::1 was seen on the cable.
func oneAsSource(seen observation.Set) claim.Answer {
	watched, from := seen.Op("wire"), link.Crossed(seen).Where(link.FromLoopback)
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", link.List(seen.Errors()))
	case len(from) > 0:
		return claim.Shows("leaves", "%s", link.Frames(from))
	default:
		return link.Silent(seen, claim.Shows("nothing", "%d packets were sent or refused", watched.Count()))
	}
}
