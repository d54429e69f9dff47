package link

import (
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Discards are the behaviours of a host that is sent something which it must discard: "a packet to
// ::1".
func Discards(what string) []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: what + " is neither delivered nor answered, while a legal packet after it is delivered", Conforms: true},
		{Word: "answered", Means: what + " is not delivered, but answered"},
		{Word: "delivered", Means: what + " reaches a socket"},
	}
}

// Discarded reads from the observations of probe.Inject… what became of the packets. One that was
// delivered decides, then one that was answered.
func Discarded(seen observation.Set) claim.Answer {
	arrived, answered := seen.Op("deliver"), seen.Op("answer")
	switch got := arrived.Outcome(observation.OK); {
	case len(got) > 0:
		return claim.Shows("delivered", "%s", which(got))
	case len(answered.Outcome(observation.OK)) > 0:
		return claim.Shows("answered", "%s", strings.Join(answered.Outcome(observation.OK).Values(), ", "))
	case len(arrived.Outcome(observation.Nothing)) == 0 || len(answered.Outcome(observation.Nothing)) == 0:
		return claim.Unclear("nothing was injected")
	default:
		return claim.Shows("dropped", "%d packets, of %s, were neither delivered nor answered", answered.Count(), Protocols(answered))
	}
}

// which names the packets by protocol, source and arrangement.
func which(got observation.Set) string {
	var out []string
	for _, o := range got {
		text := o.Proto
		if o.Source != "" {
			text += " from " + o.Source
		}
		if o.Variant != "" {
			text += " (" + o.Variant + ")"
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

// Protocols lists the distinct protocols, in the order of their first mention: "udp, tcp and icmp".
func Protocols(seen observation.Set) string {
	var out []string
	for _, o := range seen {
		if !slices.Contains(out, o.Proto) {
			out = append(out, o.Proto)
		}
	}
	if len(out) < 2 {
		return strings.Join(out, "")
	}
	return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
}
