package offhost

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.egress.dst.noarp",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: whoever asks for an address on a link lets it appear outside the host.", claim.RFC(826, "")),
	Sentence: "The host never sends an ARP request for an address of 127.0.0.0/8.",
	Question: "Does my machine ever ask its neighbours who has 127.0.0.1?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "no-arp", Means: "no ARP request for such an address was seen on the link", Conforms: true},
		{Word: "arp-if-bound", Means: "an ARP request for such an address was seen, for a socket that is tied to the link"},
		{Word: "arp", Means: "an ARP request for such an address was seen on the link, for an ordinary socket"},
	},
	Rule:  asks,
	Fault: "local-rule-last",
}, inBothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	all := link.EveryProtocol("", nil, host.One, host.Debian)
	all = append(all, link.EveryProtocol("SO_BROADCAST", []probe.Option{{Name: sock.Broadcast, Value: 1}}, host.High)...)
	seen := probe.Emit(h, h.Cable(), all)
	return append(seen, tiedToCable(h)...)
})...)

// asks reads whether an ARP request for an address of the block was seen, and for which sockets.
func asks(seen observation.Set) claim.Answer {
	questions := seen.Op("wire").Where(link.IsQuestion)
	ordinary := questions.Where(func(o observation.Observation) bool { return !link.HasOption(o, link.Ties()...) })
	switch {
	case len(seen.Op("wire")) == 0:
		return claim.Unclear("nothing was sent: %s", list(seen.Errors()))
	case len(ordinary) > 0:
		return claim.Shows("arp", "%s", link.Frames(ordinary))
	case len(questions) > 0:
		return claim.Shows("arp-if-bound", "%s", link.Frames(questions))
	default:
		return link.Silent(seen, claim.Shows("no-arp", "%d packets were sent or refused", seen.Op("wire").Count()))
	}
}
