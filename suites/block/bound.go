package block

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The variants of v4.closed.bound: what is dialled.
const (
	boundPort  = "bound, not listening"
	closedPort = "closed"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.closed.bound",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.10.7.1")},
		Note: "a bound socket that does not listen is in no state of RFC 9293, 3.3.2, but CLOSED, in which a segment is answered by a " +
			"reset; NetBSD, OpenBSD and macOS drop it (tcp_input, the case of TCPS_CLOSED)"},
	Sentence: "A TCP port of 127.0.0.1 that is bound and does not listen answers as a closed one.",
	Question: "What does a client get from a port that a program has bound, but does not listen on yet?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "bound-port-silent",
	Behaviours: []claim.Behaviour{
		{Word: "refused", Means: "it is refused, as at a closed port"},
		{Word: "silent", Means: "it gets no answer, though a closed port refuses"},
		{Word: "answered", Means: "it connects"},
		{Word: claim.AnyErrno, Means: "it fails with this error"},
	},
	Rule: boundAnswer,
}, func(h *host.Host) observation.Set {
	s, err := h.Stack.Socket(sock.Inet, sock.TCP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a TCP socket")
	defer func() { _ = s.Close() }()
	h.Expect(s.Bind(netip.AddrPortFrom(host.One, 0))).To(gomega.Succeed(), "a port of 127.0.0.1")
	at, err := s.Name()
	h.Expect(err).NotTo(gomega.HaveOccurred(), "the number of the port")
	port, err := probe.ClosedPort(h, sock.TCP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a closed TCP port")
	var seen observation.Set
	for _, asked := range []struct {
		variant string
		port    uint16
	}{{closedPort, port}, {boundPort, at.Port()}} {
		for _, o := range probe.DialClosed(h, asked.port, []netip.Addr{host.One}) {
			o.Variant = asked.variant
			seen = append(seen, o)
		}
	}
	return seen
})

// boundAnswer reads what a port that is bound does beside one that is closed. Where that is silent,
// too, nothing is said about the bound one.
func boundAnswer(seen observation.Set) claim.Answer {
	seen = seen.Op("connect")
	closed, asked := seen.Variant(closedPort).First()
	bound, tried := seen.Variant(boundPort).First()
	switch {
	case !asked || !tried:
		return claim.Unclear("a bound port and a closed one were not both dialled")
	case bound.Outcome == observation.OK:
		return claim.Shows("answered", "though nothing listens")
	case closed.Outcome != observation.Refused:
		return claim.Unclear("a closed port gave %s", closed.Problem())
	case bound.Outcome == observation.Refused:
		return claim.Shows("refused", "as a closed port")
	case mute(bound):
		return claim.Shows("silent", "a closed port refuses")
	case bound.Errno == "":
		return claim.Unclear("it gave %s", bound.Problem())
	default:
		return claim.Shows(bound.Errno, "a closed port refuses")
	}
}
