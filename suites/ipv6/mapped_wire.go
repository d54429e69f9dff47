package ipv6

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"

	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.mapped.wire",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6890, "2.2.3"), claim.RFC(4942, "2.2"),
		{Document: "draft-itojun-v6ops-v4mapped-harmful", URL: "https://datatracker.ietf.org/doc/html/draft-itojun-v6ops-v4mapped-harmful"}},
		Note: "the registry's row for ::ffff:0:0/96 says neither source nor destination, without a footnote"},
	Sentence: "An IPv6 packet from a link with an IPv4-mapped source or destination address is not delivered.",
	Question: "Can a packet with ::ffff:127.0.0.1 in its IPv6 header pass for 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "dropped", Means: "it is neither delivered nor answered, but perhaps with an ICMPv6 error because of the destination", Conforms: true},
		{Word: "answered", Means: "it is not delivered, but the host sends packets to the mapped address"},
		{Word: "delivered", Means: "a packet with ::ffff:127.0.0.1 in its IPv6 header reaches a socket"},
	},
	Rule:  mappedArrives,
	Fault: "mapped-dropped",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needLink(h)
	c := h.Cable()
	source := probe.Injection{Source: mapped(host.One), Destination: c.Host.IPv6, Target: mapped(host.One), Variant: mappedSource}
	destination := probe.Injection{Source: c.Peer.IPv6, Destination: mapped(host.One), Target: mapped(host.One), Variant: mappedDestination}
	var seen observation.Set
	for _, l := range listeners() {
		seen = append(append(seen, probe.InjectUDP(h, c, l.serve(source))...), probe.InjectTCP(h, c, l.serve(source))...)
	}
	for _, l := range listeners()[:2] {
		seen = append(append(seen, probe.InjectUDP(h, c, l.serve(destination))...), probe.InjectTCP(h, c, l.serve(destination))...)
	}
	return append(seen, probe.InjectEcho(h, c, source)...)
})...)

const (
	mappedSource      = "mapped source"
	mappedDestination = "mapped destination"
)

// listener is a server that a packet with a mapped address may reach.
type listener struct {
	name    string
	at      netip.Addr
	options []probe.Option
}

// listeners are a dual-stack server, whose clients from IPv4 look just like that; one of IPv4; and
// one of IPv6 alone, for which no mapped destination can be meant. What is refused stays below the
// six ICMPv6 errors that Linux sends a neighbour at once (RFC 4443 2.4(f)).
func listeners() []listener {
	v6only := func(value int) []probe.Option { return []probe.Option{{Name: sock.V6Only, Value: value}} }
	return []listener{{"dual-stack listener", netip.IPv6Unspecified(), v6only(0)},
		{"listener of IPv4", netip.IPv4Unspecified(), nil}, {"listener of IPv6 only", netip.IPv6Unspecified(), v6only(1)}}
}

func (l listener) serve(i probe.Injection) probe.Injection {
	i.Variant, i.Server, i.Options = link.Joined(i.Variant, l.name), l.at, l.options
	return i
}

// mappedArrives is link.Discarded without the errors that tell the neighbour, by its own address,
// that a mapped destination can't be reached: they only say that nothing was delivered.
func mappedArrives(seen observation.Set) claim.Answer {
	return link.Discarded(seen.Where(func(o observation.Observation) bool {
		about := o.Op == "answer" && strings.Contains(o.Variant, mappedDestination)
		return !about || !strings.HasPrefix(o.Value, "icmpv6 DestinationUnreachable")
	}))
}
