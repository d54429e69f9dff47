package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/inbound"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/outbound"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.mapped.wire",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6890, "2.2.3"), claim.RFC(4942, "2.2"),
		{Document: "draft-itojun-v6ops-v4mapped-harmful", URL: "https://datatracker.ietf.org/doc/html/draft-itojun-v6ops-v4mapped-harmful"}},
		Note: "the registry's row for ::ffff:0:0/96 says neither source nor destination, without a footnote"},
	Sentence:   "An IPv6 packet from a link with an IPv4-mapped source or destination address is not delivered.",
	Question:   "Can a packet with ::ffff:127.0.0.1 in its IPv6 header pass for 127.0.0.1?",
	Gates:      []claim.Gate{claim.Neighbour},
	Behaviours: inbound.Discards("a packet with ::ffff:127.0.0.1 in its IPv6 header"),
	Rule:       inbound.Discarded,
}, outbound.BothWays(host.Arrangement{}, func(h *host.Host) observe.Set {
	c := h.Cable()
	seen := injectMapped(h, "source", probe.Injection{Source: mapped(host.One), Destination: c.Host.IPv6, Target: mapped(host.One)})
	for _, to := range []netip.Addr{host.One, c.Host.IPv4} {
		seen = append(seen, injectMapped(h, "destination", probe.Injection{Source: c.Peer.IPv6, Destination: mapped(to), Target: mapped(to)})...)
	}
	return seen
})...)

// injectMapped lets packets arrive for a dual-stack server, one of IPv6 alone and one of IPv4 alone.
func injectMapped(h *host.Host, which string, i probe.Injection) observe.Set {
	c := h.Cable()
	var seen observe.Set
	for _, l := range []struct {
		name string
		at   netip.Addr
		only int // IPV6_V6ONLY
	}{{"dual-stack listener", netip.IPv6Unspecified(), 0}, {"listener of IPv6 only", netip.IPv6Unspecified(), 1}, {"listener of IPv4", netip.IPv4Unspecified(), 0}} {
		at := i
		at.Variant, at.Server = inbound.Joined("mapped "+which, l.name), l.at
		if l.at.Is6() {
			at.Options = []probe.Option{{Name: sock.V6Only, Value: l.only}}
		}
		seen = append(append(seen, probe.InjectUDP(h, c, at)...), probe.InjectTCP(h, c, at)...)
	}
	i.Variant = "mapped " + which
	return append(seen, probe.InjectEcho(h, c, i)...)
}
