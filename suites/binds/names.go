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
	ID:     "sock.names",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{posix("getsockname"), posix("getpeername")},
		Note: "POSIX: getsockname gives the locally-bound name, getpeername the peer address; a connection has one pair of both"},
	Sentence: "getsockname and getpeername agree crosswise on both ends of a connection, for every address of the block.",
	Question: "Do both ends of a local connection agree on who talks to whom?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "names-disagree",
	Behaviours: []claim.Behaviour{
		{Word: "agree", Means: "on every connection that came about, both ends tell the same two addresses and ports", Conforms: true},
		{Word: "disagree", Means: "on some connection they don't, as the reason says"},
	},
	Rule: names,
}, func(h *host.Host) observation.Set {
	server, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(anyAddress, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on 0.0.0.0")
	defer func() { _ = server.Close() }()
	return probe.Connect(h, probe.Dials{Server: server, Port: at.Port(), Names: true}, h.Sample)
})

// names reads whether the ends agree. An address that can't be dialled has no names to compare.
func names(seen observation.Set) claim.Answer {
	seen = seen.Op("connect")
	agree, astray := seen.Outcome(observation.OK), seen.Outcome(observation.Astray)
	switch {
	case len(astray) > 0:
		return claim.Shows("disagree", "%d of %d, %s first: %s", astray.Count(), seen.Count(), astray.FirstTarget(), list(astray.Values()))
	case len(agree) == 0:
		return claim.Unclear("no connection came about: %s", list(seen.Errors()))
	default:
		return claim.Shows("agree", "%d connections of %d", agree.Count(), seen.Count())
	}
}
