package binds

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "src.select.127.0.0.2",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.3")},
		Note: "section 3.3.4.3 leaves it open: the strategy for choosing a source address is the host's"},
	Sentence:   "An unbound socket that speaks to 127.0.0.2 does so from 127.0.0.1.",
	Question:   "Which source address does a server on 127.0.0.2 see?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "source-follows-destination",
	Behaviours: sourceBehaviours(),
	Rule:       source,
}, func(h *host.Host) observation.Set { return sourcesOf(h, host.Two) })

var _ = claim.It(claim.Claim{
	ID:     "src.select.127.0.0.1",
	Family: claim.Binds,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.4.3"), claim.RFC(6724, "5")},
		Note: "RFC 6724 speaks of IPv6; its rule 1, prefer the same address, holds here by analogy"},
	Sentence:   "An unbound socket that speaks to 127.0.0.1 does so from 127.0.0.1.",
	Question:   "Does my server see a local client as 127.0.0.1?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "source-is-another",
	Behaviours: sourceBehaviours("source=destination"),
	Rule:       source,
}, func(h *host.Host) observation.Set { return sourcesOf(h, host.One) })

// sourcesOf speaks to an address from unbound sockets, over TCP and UDP, and notes which source the
// server saw and which one getsockname tells before anything is sent.
func sourcesOf(h *host.Host, to netip.Addr) observation.Set {
	tcp, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(anyAddress, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on 0.0.0.0")
	defer func() { _ = tcp.Close() }()
	seen := probe.Connect(h, probe.Dials{Server: tcp, Port: at.Port()}, []netip.Addr{to})
	udp, at, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(anyAddress, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a UDP socket on 0.0.0.0")
	defer func() { _ = udp.Close() }()
	_ = udp.SetOption(sock.RecvInfo, 1) // where the system tells it, the destination is checked as well
	seen = append(seen, probe.Send(h, probe.Datagrams{Server: udp, Port: at.Port()}, []netip.Addr{to})...)
	return append(seen, probe.SourceFor(h, getsockname, to))
}

func sourceBehaviours(conforming ...string) []claim.Behaviour {
	out := []claim.Behaviour{
		{Word: "source=destination", Means: "the source is the very address that is spoken to"},
		{Word: "source=127.0.0.1", Means: "the source is 127.0.0.1, though another address is spoken to"},
		{Word: "source=other", Means: "the source is a third address, which the reason names"},
		{Word: "differs", Means: "TCP, UDP and getsockname don't agree on the source"},
		{Word: "rewritten", Means: "an address was changed on the way: the ends of a flow don't agree on it"},
		{Word: "unreachable", Means: "the address can't be spoken to, with the error in the reason"},
	}
	return conform(out, conforming)
}

// source reads which source was chosen.
func source(seen observation.Set) claim.Answer {
	worked := seen.Outcome(observation.OK)
	sources := worked.Sources()
	switch astray := seen.Outcome(observation.Astray); {
	case len(seen.Op("connect").Proto("tcp")) == 0 && len(seen.Op("send")) == 0:
		return claim.Unclear("nothing was sent")
	case len(astray) > 0:
		return claim.Shows("rewritten", "%s", list(astray.Values()))
	case len(worked.Where(speaks)) == 0:
		return claim.Shows("unreachable", "%s", list(seen.Errors()))
	case len(sources) != 1:
		return claim.Shows("differs", "%s", list(sources))
	case sources[0] == observation.SameAsDestination:
		return claim.Shows("source=destination", "%s", seenBy(seen))
	case sources[0] == host.One.String():
		return claim.Shows("source=127.0.0.1", "%s", seenBy(seen))
	default:
		return claim.Shows("source=other", "%s", sources[0])
	}
}

// speaks says whether something was sent, so that a server could see it.
func speaks(o observation.Observation) bool { return o.Variant != getsockname }

// getsockname marks what connect chose for a UDP socket, of which no server sees anything.
const getsockname = "getsockname"

func seenBy(seen observation.Set) string {
	text := "over " + list(cells(seen.Outcome(observation.OK)))
	if errs := seen.Errors(); len(errs) > 0 {
		text += "; otherwise " + list(errs)
	}
	return text
}
