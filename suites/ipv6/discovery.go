package ipv6

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.nd.noanswer",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(4861, "7.2")},
		Note: "derived from RFC 4291: an address that must not appear on a link has no neighbour to solicit"},
	Sentence: "A neighbour solicitation for ::1 is not answered, and none is sent.",
	Question: "Does the host claim ::1 on the network?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "nothing", Means: "no solicitation for ::1 is answered, and none is sent", Conforms: true},
		{Word: "answered", Means: "a solicitation for ::1 is answered"},
		{Word: "solicited", Means: "the host sends a solicitation for ::1"},
	},
	Rule:  noneAnswered,
	Fault: "loopback6-on-link",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	needLink(h)
	c := h.Cable()
	seen := probe.Ask(h, c, "", c.Peer.IPv6, host.One6, host.One6)
	seen = append(seen, probe.Emit(h, c, link.EveryProtocol("no option", nil, host.One6))...)
	return append(seen, link.EmitTied(h, "", func(int) []netip.Addr { return []netip.Addr{host.One6} })...)
})...)

// noneAnswered reads whether the host claimed ::1 on the link, and then whether it asked there for
// it.
func noneAnswered(seen observation.Set) claim.Answer {
	asked, sent := seen.Op(probe.Resolve), seen.Op("wire")
	solicited := sent.Outcome(observation.OK).Where(link.IsQuestion)
	switch got := asked.Outcome(observation.OK); {
	case len(got) > 0:
		return claim.Shows("answered", "%s", strings.Join(got.Values(), ", "))
	case len(solicited) > 0:
		return claim.Shows("solicited", "%s", strings.Join(solicited.Values(), ", "))
	case len(asked) == 0 || len(sent) == 0:
		return claim.Unclear("nothing was asked, or nothing was sent")
	default:
		return link.Silent(seen, claim.Shows("nothing", "%d solicitations were not answered, and %d packets to ::1 caused none",
			asked.Count(), sent.Count()))
	}
}
