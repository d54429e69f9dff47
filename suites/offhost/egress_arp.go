package offhost

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.egress.arp.src",
	Family:   claim.Offhost,
	Level:    claim.MustNot,
	Source:   outside("Derived: an ARP sender address is an address that appears outside the host.", claim.RFC(826, "")),
	Sentence: "The host never uses an address of 127.0.0.0/8 as the sender address of an ARP packet.",
	Question: "Can 127.0.0.1 show up as a sender in ARP?",
	Gates:    []claim.Gate{claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "never", Means: "no ARP packet with such a sender address was seen on the link", Conforms: true},
		{Word: "arp-sender", Means: "an ARP packet with such a sender address was seen on the link"},
	},
	Rule:  senders,
	Fault: "route-localnet",
},
	claim.Part{Name: "address on the cable", In: host.Arrangement{Cables: 1}, Spec: strangersOnLink},
	claim.Part{Name: "address on lo only", In: host.Arrangement{Cables: 1, NoIPv4: true}, Spec: func(h *host.Host) observation.Set {
		everything := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		h.Expect(h.Admin.Route(everything, h.Cable().Index, netip.Addr{})).To(gomega.Succeed(), "route everything to the link")
		return strangersOnLink(h)
	}})

// strangersOnLink speaks to addresses on the link that no host has, each for the first time, so
// that the host must ask for it: from sockets that are bound to 127.0.0.1, from others, and to
// loopback addresses from sockets tied to the link.
func strangersOnLink(h *host.Host) observation.Set {
	c := h.Cable()
	stranger := c.Peer.IPv4
	next := func() netip.Addr {
		stranger = stranger.Next()
		return stranger
	}
	var all []probe.Emission
	for _, proto := range []string{"udp", "tcp", "icmp"} {
		all = append(all, probe.Emission{Proto: proto, Variant: "from 127.0.0.1", From: host.One, To: next()},
			probe.Emission{Proto: proto, To: next()})
	}
	seen := probe.Emit(h, c, all)
	return append(seen, link.EmitTied(h, "", func(n int) []netip.Addr {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, byte(2 + n)})}
	})...)
}

// senders reads whether an address of the block was the sender of an ARP packet.
func senders(seen observation.Set) claim.Answer {
	watched := seen.Op("wire")
	questions := watched.Where(link.IsQuestion)
	from := questions.Where(link.FromLoopback)
	switch {
	case len(watched) == 0:
		return claim.Unclear("nothing was sent: %s", list(seen.Errors()))
	case len(from) > 0:
		return claim.Shows("arp-sender", "%s", link.Frames(from))
	case len(questions) == 0:
		return claim.Shows("never", "the host asked for no address at all")
	default:
		return claim.Shows("never", "the host asked in the name of %s", list(questions.Sources()))
	}
}
