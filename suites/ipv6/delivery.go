package ipv6

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.lo.delivery",
	Family: claim.IPv6,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.8"), claim.RFC(4291, "2.5.3"), claim.RFC(8504, "")},
		Note: "RFC 4291 2.8: a host is required to take the loopback address for one of its own. The claim is about hosts with IPv6"},
	Sentence: "TCP, UDP and ICMPv6 echo to ::1 are delivered inside the host.",
	Question: "Does ::1 work?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-::1",
	Behaviours: []claim.Behaviour{
		{Word: "delivered", Means: "TCP, UDP and ICMPv6 echo all arrive and are answered", Conforms: true},
		{Word: "tcp+udp", Means: "TCP and UDP arrive; this process had no means of sending an echo request", Conforms: true},
		{Word: "partial", Means: "some of TCP, UDP and ICMPv6 echo arrive, others don't"},
		{Word: "no-address", Means: "the system opens IPv6 sockets, but ::1 is none of its addresses"},
		{Word: "none", Means: "::1 can be bound, and nothing sent to it arrives"},
	},
	Rule: delivered,
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	one := []netip.Addr{host.One6}
	seen := probe.DialOwn(h, "", one)
	seen = append(seen, probe.SendOwn(h, "", one)...)
	if len(seen.Outcome(observation.Unavailable)) == len(seen) {
		return seen // an echo request to an address that is not here could leave the host
	}
	return append(seen, probe.TryEcho(h, one)...)
})

// delivered reads which of the three protocols got through to ::1.
func delivered(seen observation.Set) claim.Answer {
	tcp, udp, echo := seen.Op("connect"), seen.Op("send"), seen.Op("echo")
	tried := slices.Concat(tcp, udp, echo)
	errs := strings.Join(tried.Errors(), ", ")
	switch {
	case len(tcp) == 0 || len(udp) == 0:
		return claim.Unclear("TCP or UDP was not tried")
	case tried.All(func(o observation.Observation) bool { return o.Outcome == observation.Unavailable }):
		return claim.Shows("no-address", "%s", errs)
	case tried.AllOK() && len(echo) > 0:
		return claim.Shows("delivered", "TCP, UDP and ICMPv6 echo")
	case tried.AllOK():
		return claim.Shows("tcp+udp", "no echo request could be sent: %s", strings.Join(seen.Op("socket").Errors(), ", "))
	case len(tried.Outcome(observation.OK)) == 0:
		return claim.Shows("none", "%s", errs)
	default:
		return claim.Shows("partial", "%d of %d attempts gave %s", tried.Count()-tried.Outcome(observation.OK).Count(), tried.Count(), errs)
	}
}
