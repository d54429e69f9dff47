package block

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

// The two addresses of v4.zeronet.send: one of 0.0.0.0/8, and one of TEST-NET-1 (RFC 5737), which
// is nowhere but is an ordinary destination to the system.
var (
	zeroNet  = netip.AddrFrom4([4]byte{0, 1, 2, 3})
	ordinary = netip.AddrFrom4([4]byte{192, 0, 2, 1})
)

// ordinaries is the variant of what is sent to the ordinary address.
const ordinaries = "control"

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.zeronet.send",
	Family: claim.Block,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3(b)"), claim.RFC(6890, "2.2.2")},
		Note: `RFC 1122 on {0, <Host-number>}: "It MUST NOT be sent, except as a source address as part of an initialization ` +
			`procedure". So what decides is what leaves; that connect succeeds on a UDP socket sends nothing. Linux has allowed the ` +
			`block as unicast since 5.3.`},
	Sentence: "Sending to an address of 0.0.0.0/8 other than 0.0.0.0 is refused locally.",
	Question: "Does the system refuse to send to 0.1.2.3?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Fault:    "zeronet-blackhole",
	Behaviours: []claim.Behaviour{
		{Word: "refused", Means: "connect to 0.1.2.3 fails, although an ordinary address has a route", Conforms: true},
		{Word: "refused-on-send", Means: "connect to 0.1.2.3 succeeds on a UDP socket, and what is sent is refused", Conforms: true},
		{Word: "dropped", Means: "what is sent to 0.1.2.3 is accepted, and nothing of it leaves the host", Conforms: true},
		{Word: "routed", Means: "what is sent to 0.1.2.3 leaves the host"},
	},
	Rule: zeroNetwork,
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	zero, _ := probe.Route(h, zeroNet)
	all := append(link.EveryProtocol("", nil, zeroNet), probe.Emission{Proto: "udp", Variant: ordinaries, To: ordinary})
	return append(probe.Emit(h, h.Cable(), all), zero)
})...)

// zeroNetwork reads what left the host, and how it refused what did not. Of a report in which
// nothing was sent, it reads whether a UDP socket could be connected.
func zeroNetwork(seen observation.Set) claim.Answer {
	zero, crossed := seen.Target(zeroNet.String()), link.Crossed(seen)
	routed, tried := zero.Op("connect").Proto("udp").First()
	sent, left := zero.Op("send"), crossed.Target(zeroNet.String())
	controlled := crossed.Where(func(o observation.Observation) bool { return strings.HasSuffix(o.Variant, ordinaries) })
	switch {
	case !tried:
		return claim.Unclear("%s was not tried", zeroNet)
	case len(sent) == 0 && routed.Outcome == observation.OK:
		return claim.Shows("routed", "connect to %s succeeds", zeroNet)
	case len(sent) == 0:
		return claim.Shows("refused", "connect to %s gives %s", zeroNet, routed.Problem())
	case len(left) > 0:
		return claim.Shows("routed", "%s", link.Frames(left))
	case len(controlled) == 0:
		return claim.Unclear("nothing to an ordinary address left the host either")
	case len(sent.Outcome(observation.OK)) > 0:
		return claim.Shows("dropped", "sent, and not seen on the link")
	case len(zero.Op("connect").Proto("udp").Outcome(observation.OK)) > 0:
		return claim.Shows("refused-on-send", "connect succeeds, the send gives %s", link.List(sent.Errors()))
	default:
		return claim.Shows("refused", "connect to %s gives %s", zeroNet, link.List(zero.Op("connect").Errors()))
	}
}
