package probe

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// Resolve is the operation of the observations of Ask.
const Resolve = "resolve link address"

// Ask lets the neighbour ask the link for the hardware address of a target, by ARP or neighbour
// discovery, in the name of a sender. OK is a reply that names the address the claim is about,
// Nothing that there was none: a question for the host's own address which comes after it must be
// answered, otherwise the claim is inconclusive.
func Ask(h *host.Host, c *wire.Cable, variant string, sender, target, about netip.Addr) observation.Set {
	ask, proto, mine, own := c.WhoHas, "arp", c.Peer.IPv4, c.Host.IPv4
	if sock.FamilyOf(target) == sock.Inet6 {
		ask, proto, mine, own = c.Solicit, "icmpv6", c.Peer.IPv6, c.Host.IPv6
	}
	p := Begin(h, Resolve, proto, variant, about.String())
	begun := c.Now()
	frame := ask(sender, target)
	p.t.Note("neighbour asks: " + wire.Frame{Direction: wire.In, Bytes: frame}.String())
	err := c.Inject(frame)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject")
	control := c.Now()
	err = c.Inject(ask(mine, own))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "inject the marker")
	end, err := c.Await(control, func(f wire.Frame) bool {
		return replies(f) && f.Read().Destination.Addr() == mine && f.Read().Source.Addr() == own
	}, h.Wait)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a question for the host's own address was not answered")
	o := p.End(nil)
	seen := crossed(o, Resolve, c.After(begun)[:end-begun], func(f wire.Frame) bool {
		s := f.Read()
		return replies(f) && (s.Source.Addr() == about || s.Destination.Addr() == about)
	})
	seen[0].Calls = append(o.Calls, seen[0].Calls...)
	return seen
}

// replies says whether a frame of the host tells a hardware address.
func replies(f wire.Frame) bool {
	s := f.Read()
	return f.Direction == wire.Out && (s.Kind == "arp" && s.Flags == "reply" || s.Kind == "neighbour-advertisement")
}
