package binds

import (
	"net/netip"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// mixedBehaviours are those of a flow between a loopback address and an external address of the
// same host.
var mixedBehaviours = []claim.Behaviour{
	{Word: "allowed", Means: "it arrives, and the server sees the address that the client bound"},
	{Word: "rewritten", Means: "it arrives, and the server sees another address"},
	{Word: "silent", Means: "nothing arrives, and no error says so"},
	{Word: claim.AnyErrno, Means: "the client gets this error"},
	{Word: "differs", Means: "TCP and UDP don't agree"},
	{Word: "leaves", Means: "a packet with the loopback address leaves the host"},
}

var _ = claim.InPrivate(claim.Claim{
	ID:         "src.mixed.in",
	Family:     claim.Binds,
	Level:      claim.Impl,
	Source:     claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.2")}, Note: "the strong and the weak model of section 3.3.4.2 are about interfaces and silent on loopback"},
	Sentence:   "A client bound to an external address of the host may talk to 127.0.0.1.",
	Question:   "Can a client with my network address as its source reach a server on 127.0.0.1?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Behaviours: mixedBehaviours,
	Rule:       ofFlows(mixed),
	Fault:      "copied-to-cable",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	return mix(h, h.Cable().Host.IPv4, host.One)
})...)

var _ = claim.InPrivate(claim.Claim{
	ID:         "src.mixed.out",
	Family:     claim.Binds,
	Level:      claim.Impl,
	Source:     claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.2")}, Note: "the strong and the weak model of section 3.3.4.2 are about interfaces and silent on loopback"},
	Sentence:   "A client bound to 127.0.0.1 may talk to the host's own external address.",
	Question:   "Can a client with 127.0.0.1 as its source reach a server on my network address?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Behaviours: mixedBehaviours,
	Rule:       ofFlows(mixed),
	Fault:      "copied-to-cable",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	return mix(h, host.One, h.Cable().Host.IPv4)
})...)

// mix speaks from one address of the host to a server on another, over TCP and UDP, and watches the
// cable meanwhile.
func mix(h *host.Host, from, to netip.Addr) observation.Set {
	probe.NeedDelivery(h, sock.UDP, host.One)
	loopback := func(f wire.Frame) bool { return f.Mentions(sock.IsLoopback) }
	return speakTo(h, to, fromPrefix+from.String(), from, loopback)
}

// speakTo lets a client that is bound to an address, if that is valid, speak to a server on another
// over TCP and UDP, and watches the cable meanwhile for frames of this kind.
func speakTo(h *host.Host, to netip.Addr, variant string, from netip.Addr, kind func(wire.Frame) bool) observation.Set {
	tcp, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(to, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on "+to.String())
	defer func() { _ = tcp.Close() }()
	udp, near, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(to, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a UDP socket on "+to.String())
	defer func() { _ = udp.Close() }()
	seen := probe.Leaving(h, h.Cable(), kind, func() observation.Observation {
		return probe.Connect(h, probe.Dials{Server: tcp, Port: at.Port(), From: from, Variant: variant}, []netip.Addr{to})[0]
	})
	return append(seen, probe.Leaving(h, h.Cable(), kind, func() observation.Observation {
		return probe.Send(h, probe.Datagrams{Server: udp, Port: near.Port(), From: from, Variant: variant}, []netip.Addr{to})[0]
	})...)
}

// mixed reads what became of the flows.
func mixed(seen observation.Set) claim.Answer {
	flows := seen.Where(func(o observation.Observation) bool { return o.Op != "wire" })
	good := flows.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.OK && strings.HasSuffix(o.Variant, fromPrefix+o.Source)
	})
	arrived := flows.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.OK || o.Outcome == observation.Astray
	})
	quiet := flows.Where(func(o observation.Observation) bool {
		return o.Outcome == observation.Lost || o.Outcome == observation.Timeout
	})
	errs := flows.Errors()
	switch {
	case len(flows) == 0:
		return claim.Unclear("nothing was sent")
	case len(link.Crossed(seen)) > 0:
		return claim.Shows("leaves", "%s", link.Frames(link.Crossed(seen)))
	case len(arrived) > len(good):
		return claim.Shows("rewritten", "seen as %s", list(arrived.Sources()))
	case len(good) == len(flows):
		return claim.Shows("allowed", "over %s", list(cells(good)))
	case len(quiet) == len(flows):
		return claim.Shows("silent", "%s", list(errs))
	case len(good) == 0 && len(errs) == 1 && strings.HasPrefix(errs[0], "E"):
		return claim.Shows(errs[0], "over %s", list(cells(flows)))
	case len(good) == 0:
		return claim.Shows("differs", "%s", list(errs))
	default:
		return claim.Shows("differs", "over %s; otherwise %s", list(cells(good)), list(errs))
	}
}
