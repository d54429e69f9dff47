package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.egress.dst.devbind",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: outside(`RFC 1122 3.2.1.3(g): "Addresses of this form MUST NOT appear outside a host." Linux asks no local route for a socket ` +
		"that is tied to another interface than lo (ip_route_output_key_hash_rcu)."),
	Sentence: "A send to 127.0.0.0/8 on a socket that is tied to an external interface puts nothing on its link.",
	Question: "Can a packet to 127.0.0.1 leave my machine if its socket is bound to a network card?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: leaves(claim.Behaviour{Word: "no-such-option", Conforms: true,
		Means: "the system has no option that ties a socket to an interface, and SO_DONTROUTE puts nothing on the link"}),
	Rule:  staysTied,
	Fault: "loopback-rejected",
}, inBothWays(host.Arrangement{}, tiedToCable)...)

// tiedToCable sends to 127.0.0.1, and to another address that is a new one for each option.
func tiedToCable(h *host.Host) observation.Set {
	return link.EmitTied(h, "", func(n int) []netip.Addr {
		return []netip.Addr{host.One, netip.AddrFrom4([4]byte{127, 0, 0, byte(2 + n)})}
	})
}

// staysTied is stays for sockets that are tied to the link.
func staysTied(seen observation.Set) claim.Answer {
	a := stays(seen)
	really := seen.Op("wire").Where(func(o observation.Observation) bool { return !link.HasOption(o, sock.DontRoute) })
	if a.Word == "stays-inside" && len(really) == 0 {
		return claim.Shows("no-such-option", "%s", a.Reason)
	}
	return a
}
