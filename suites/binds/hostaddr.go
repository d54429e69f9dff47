package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "src.select.hostaddr",
	Family:   claim.Binds,
	Level:    claim.Should,
	Source:   claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.3"), claim.RFC(1122, "3.3.4.2")}},
	Sentence: "A connection to the host's own external address has that address as its source and stays inside the host.",
	Question: "If I connect to my own network address, does it leave the machine, and who does the server see?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "source=destination", Means: "the source is the address that was dialled, and no frame left the host", Conforms: true},
		{Word: "source=127.0.0.1", Means: "the source is 127.0.0.1, and no frame left the host"},
		{Word: "source=other", Means: "the source is a third address, and no frame left the host"},
		{Word: "differs", Means: "TCP and UDP don't agree on the source, and no frame left the host"},
		{Word: "leaves", Means: "a frame left the host"},
		{Word: "unreachable", Means: "the host's own address can't be reached from the host"},
	},
	Rule:  ofFlows(ownAddress),
	Fault: "copied-to-cable",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	probe.NeedDelivery(h, sock.UDP, host.One) // the way to an own address leads over lo too
	own := h.Cable().Host.IPv4
	return speakTo(h, own, "", netip.Addr{}, func(f wire.Frame) bool {
		s := f.Read()
		return s.Destination.Addr() == own && !announces(s)
	})
})...)

// announces reports whether a frame is a host's own ARP announcement (RFC 5227, 2.3), which comes
// when an address is given to an interface, and may come late.
func announces(s wire.Seen) bool {
	return s.Kind == "arp" && s.Source.Addr() == s.Destination.Addr()
}

// ownAddress reads which source the server saw, and whether anything for the address left the host.
func ownAddress(seen observation.Set) claim.Answer {
	flows := seen.Where(func(o observation.Observation) bool { return o.Op != "wire" })
	worked := flows.Outcome(observation.OK)
	sources := worked.Sources()
	switch {
	case len(flows) == 0:
		return claim.Unclear("nothing was sent")
	case len(link.Crossed(seen)) > 0:
		return claim.Shows("leaves", "%s", link.Frames(link.Crossed(seen)))
	case len(worked) == 0:
		return claim.Shows("unreachable", "%s", list(flows.Errors()))
	case len(sources) == 0:
		return claim.Unclear("no source was seen")
	case len(sources) > 1:
		return claim.Shows("differs", "%s", list(sources))
	case sources[0] == observation.SameAsDestination:
		return claim.Shows("source=destination", "%s", seenBy(flows))
	case sources[0] == host.One.String():
		return claim.Shows("source=127.0.0.1", "%s", seenBy(flows))
	default:
		return claim.Shows("source=other", "%s", sources[0])
	}
}
