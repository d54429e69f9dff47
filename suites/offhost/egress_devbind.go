package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
	"github.com/loopmatrix/loopmatrix/suites/sock"
	"github.com/loopmatrix/loopmatrix/suites/wire"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.egress.dst.devbind",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: outside(`RFC 1122 3.2.1.3(g): "Addresses of this form MUST NOT appear outside a host." Linux asks no local route for a socket ` +
		"that is tied to another interface than lo (ip_route_output_key_hash_rcu)."),
	Sentence: "A send to 127.0.0.0/8 on a socket that is tied to an external interface puts nothing on its link.",
	Question: "Can a packet to 127.0.0.1 leave my machine if the socket is bound to a network card?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: leaves(claim.Behaviour{Word: "no-such-option", Conforms: true,
		Means: "the system has no option that ties a socket to an interface, and SO_DONTROUTE puts nothing on the link"}),
	Rule: staysTied,
}, inBothWays(host.Arrangement{}, tiedToCable)...)

// tiedToCable sends to 127.0.0.1 and to another address with every option that ties a socket to the cable. The other
// address is a new one each time, since the system asks for the link address of one only once in a second.
func tiedToCable(h *host.Host) observe.Set {
	var seen observe.Set
	c, own := h.Cable(), host.Two
	for _, option := range ties() {
		if err := offers(h, option, c.Index); err != nil {
			p := probe.Begin(h, setOption, "", option.String(), "")
			seen = append(seen, p.End(err))
			continue
		}
		targets := []netip.Addr{own}
		if !asked(c, host.One) {
			targets = append(targets, host.One)
		}
		seen = append(seen, probe.Emit(h, c, tied(option, c.Index, targets...))...)
		own = own.Next()
	}
	return seen
}

// setOption is the operation of the observation that there is no such option.
const setOption = "setsockopt"

// offers says whether a UDP socket of this system has an option.
func offers(h *host.Host, option sock.Option, index int) error {
	s, err := h.Stack.Socket(sock.Inet, sock.UDP)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return s.SetOption(option, index)
}

// asked says whether the host has asked for the link address of this one before.
func asked(c *wire.Cable, a netip.Addr) bool {
	for _, f := range c.After(0) {
		if s := f.Read(); f.Direction == wire.Out && s.Kind == "arp" && s.Destination.Addr() == a {
			return true
		}
	}
	return false
}

// staysTied is stays for sockets that are tied to the link.
func staysTied(seen observe.Set) claim.Answer {
	a := stays(seen)
	really := seen.Op("wire").Where(func(o observe.Observation) bool { return !hasOption(o, sock.DontRoute) })
	if a.Word == "stays-inside" && len(really) == 0 {
		return claim.Shows("no-such-option", "%s", a.Reason)
	}
	return a
}
