package block

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.icmp.replysrc",
	Family: claim.Block,
	Level:  claim.Must,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.2.6")},
		Note: `"The IP source address in an ICMP Echo Reply MUST be the same as the specific-destination address of the ` +
			`corresponding ICMP Echo Request message."`},
	Sentence: "The source of an ICMP echo reply is the address that was pinged.",
	Question: "If I ping 127.0.0.2, does 127.0.0.2 answer, or 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:    "echo-reply-from-127.0.0.1",
	Behaviours: []claim.Behaviour{
		{Word: "source=destination", Means: "every reply comes from the address that was pinged", Conforms: true},
		{Word: "source=127.0.0.1", Means: "a reply for another address comes from 127.0.0.1"},
		{Word: "source=other", Means: "a reply comes from neither the address that was pinged nor 127.0.0.1"},
	},
	Rule: replySource,
}, func(h *host.Host) observation.Set {
	return probe.Echo(h, []netip.Addr{host.One, host.Two, host.Debian})
})

// replySource reads the source of the replies. An address that does not answer says nothing about
// it: whether it should is v4.block.delivery.icmp's question.
func replySource(seen observation.Set) claim.Answer {
	replies := seen.Op("echo").Where(func(o observation.Observation) bool { return o.Source != "" })
	foreign := replies.Where(func(o observation.Observation) bool { return o.Source != observation.SameAsDestination })
	switch {
	case len(replies) == 0:
		return claim.Unclear("no echo request was answered: %s", strings.Join(seen.Op("echo").Errors(), ", "))
	case len(foreign) == 0:
		return claim.Shows("source=destination", "the replies for %s", strings.Join(replies.Targets(), ", "))
	case foreign.All(func(o observation.Observation) bool { return o.Source == host.One.String() }):
		return claim.Shows("source=127.0.0.1", "the reply for %s", foreign.FirstTarget())
	default:
		return claim.Shows("source=other", "the reply for %s came from %s", foreign.FirstTarget(),
			strings.Join(foreign.Sources(), ", "))
	}
}
