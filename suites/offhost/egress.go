package offhost

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// leaves are the behaviours of whatever might send to 127.0.0.0/8 on a link.
func leaves(more ...claim.Behaviour) []claim.Behaviour {
	return append([]claim.Behaviour{
		{Word: "stays-inside", Means: "no packet and no ARP request for the address was seen on the link", Conforms: true},
		{Word: "arp", Means: "an ARP request for the address was seen on the link, and no packet"},
		{Word: "leaves", Means: "a packet to the address was seen on the link"},
	}, more...)
}

// stays reads whether anything was seen on the link.
func stays(seen observation.Set) claim.Answer {
	watched, crossed := seen.Op("wire"), link.Crossed(seen)
	packets := crossed.Where(func(o observation.Observation) bool { return !link.IsQuestion(o) })
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", list(seen.Errors()))
	case len(packets) > 0:
		return claim.Shows("leaves", "%s", link.Frames(crossed))
	case len(crossed) > 0:
		return claim.Shows("arp", "%s", link.Frames(crossed))
	default:
		return link.Silent(seen, claim.Shows("stays-inside", "%d packets were sent or refused, and none was seen on the link", watched.Count()))
	}
}

// inBothWays gives the parts of a claim that a default route might decide.
func inBothWays(in host.Arrangement, spec claim.Spec) []claim.Part {
	return link.BothWays(in, spec)
}

func list(words []string) string { return strings.Join(words, ", ") }
