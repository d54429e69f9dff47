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
	ID:     "sandbox.loopback",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{
		{Document: "Microsoft", Section: "How to enable loopback and debug app isolation", URL: "https://learn.microsoft.com/en-us/previous-versions/windows/apps/hh780593(v=win.10)"},
		{Document: "FreeBSD", Section: "jail(8)", URL: "https://man.freebsd.org/cgi/man.cgi?query=jail&sektion=8"}},
		Note: "vendors' words: Windows AppContainers need an exemption, sandbox profiles of macOS may deny it, and a FreeBSD jail " +
			"without loopback of its own rewrites 127.0.0.1 to its first address"},
	Sentence: "A sandboxed program may be barred from 127.0.0.1, or get another address in its place.",
	Question: "May this program talk to itself over 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "loopback-barred",
	Behaviours: []claim.Behaviour{
		{Word: "free", Means: "it may bind 127.0.0.1 and talk to itself, over TCP and UDP"},
		{Word: "barred", Means: "it is refused with EACCES or EPERM"},
		{Word: "remapped", Means: "it gets another address in place of 127.0.0.1"},
		{Word: "silent", Means: "it may bind, and nothing arrives"},
		{Word: claim.AnyErrno, Means: "it fails with this error"},
	},
	Rule: ofFlows(sandbox),
}, func(h *host.Host) observation.Set {
	seen := observation.Set{probe.Bind(h, sock.TCP, "", host.One), probe.Bind(h, sock.UDP, "", host.One)}
	if len(seen.Outcome(observation.OK))+len(seen.Outcome(observation.Astray)) < len(seen) {
		return seen
	}
	tcp, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(host.One, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on 127.0.0.1")
	defer func() { _ = tcp.Close() }()
	seen = append(seen, probe.Connect(h, probe.Dials{Server: tcp, Port: at.Port()}, []netip.Addr{host.One})...)
	udp, at, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(host.One, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a UDP socket on 127.0.0.1")
	defer func() { _ = udp.Close() }()
	sent := probe.Begin(h, "send", "udp", "", host.One.String())
	return append(seen, sendOnce(h, sent, udp, at))
})

// sendOnce sends one datagram to a server. There is no marker: where 127.0.0.1 is barred, a marker
// would be, too, and what is silent is not said to be lost.
func sendOnce(h *host.Host, p *probe.Probe, server sock.Socket, at netip.AddrPort) observation.Observation {
	s, err := p.Socket(sock.Inet, sock.UDP)
	if err == nil {
		err = s.SendTo(probe.Nonce(h), at)
	}
	if err == nil {
		_, err = server.Recv(probe.NonceSize, probe.Wait(h, at.Addr()))
	}
	return p.End(err)
}

// sandbox reads what the program may do.
func sandbox(seen observation.Set) claim.Answer {
	errs := seen.Errors()
	denied := seen.Outcome(observation.Denied)
	astray := seen.Outcome(observation.Astray)
	other := seen.Where(func(o observation.Observation) bool { return o.Outcome != observation.OK && o.Errno != "" })
	switch {
	case len(seen) == 0:
		return claim.Unclear("nothing was tried")
	case len(denied) > 0:
		return claim.Shows("barred", "%s", list(cellsWithOp(denied)))
	case len(astray) > 0:
		return claim.Shows("remapped", "%s", list(astray.Values()))
	case seen.AllOK():
		return claim.Shows("free", "over TCP and UDP")
	case len(other) > 0:
		return claim.Shows(other[0].Errno, "%s: %s", list(cellsWithOp(other)), list(errs))
	default:
		return claim.Shows("silent", "%s", list(errs))
	}
}

func cellsWithOp(seen observation.Set) []string {
	var out []string
	for _, o := range seen {
		out = append(out, o.Op+" "+o.Proto+": "+o.Problem())
	}
	return out
}
