package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.unspecified.connect",
	Family: claim.IPv6,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.2")},
		Note: "section 2.5.2 says that the unspecified address must not be a destination; the tradition of 4.2BSD says that it means this host"},
	Sentence: "A connection to :: reaches ::1.",
	Question: "Can I connect to [::]?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-unspecified-ipv6",
	Behaviours: outcomes(claim.Behaviour{Word: "::1",
		Means: "it reaches a listener that is bound to ::1, and getpeername shows which address took its place"}, false),
	Rule: unanimous("::1"),
}, func(h *host.Host) observation.Set {
	probe.NeedDelivery(h, sock.TCP, host.One6)
	return serving(h, sock.TCP, netip.AddrPortFrom(host.One6, 0), nil, func(s sock.Socket, port uint16) observation.Set {
		return probe.Connect(h, probe.Dials{Server: s, Port: port, Note: peer}, []netip.Addr{netip.IPv6Unspecified()})
	})
})

// peer is what getpeername tells, without the port.
func peer(s sock.Socket) string {
	name, err := s.PeerName()
	if err != nil {
		return sock.Reason(err)
	}
	return name.Addr().String()
}
