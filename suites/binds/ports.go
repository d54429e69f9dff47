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
	ID:     "port.space",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(9293, "3.4")},
		Note: "the lore of load tests; RFC 9293 names a connection by both sockets, each an address with a port. This version takes " +
			"one port on two addresses and does not exhaust the range"},
	Sentence: "Ports are per local address: 127.0.0.1 and 127.0.0.2 can use the same local port to the same server at once.",
	Question: "Does a second loopback address double the connections that a load test can open?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:    "shared-port-space",
	Counts:   true,
	Behaviours: []claim.Behaviour{
		{Word: "per-address", Means: "both addresses connect from the same port at once"},
		{Word: "shared", Means: "a port that one address uses is not free for the other"},
		{Word: "rewritten", Means: "both connect, and the server does not see two addresses"},
		{Word: claim.AnyErrno, Means: "the second connection fails with this error"},
	},
	Rule: portSpace,
}, func(h *host.Host) observation.Set {
	needAddress(h, host.Two)
	server, at, err := probe.Listen(h, sock.TCP, netip.AddrPortFrom(host.One, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a listener on 127.0.0.1")
	defer func() { _ = server.Close() }()
	port, err := probe.FreePort(h, sock.TCP, sock.Inet)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a free port")
	first, opened := dialFrom(h, server, netip.AddrPortFrom(host.One, port), at)
	defer opened()
	second, opened := dialFrom(h, server, netip.AddrPortFrom(host.Two, port), at)
	defer opened()
	return observation.Set{first, second}
})

// dialFrom connects from an address and port to a server. The connection stays open until the
// function that it gives is called.
func dialFrom(h *host.Host, server sock.Socket, from, to netip.AddrPort) (observation.Observation, func()) {
	p := probe.Begin(h, "connect", "tcp", fromPrefix+from.Addr().String(), to.Addr().String())
	client, err := p.Stack.Socket(sock.FamilyOf(to.Addr()), sock.TCP)
	if err != nil {
		return p.End(err), func() {}
	}
	_ = client.SetOption(sock.Linger, 0) // a courtesy: no TIME-WAIT is left behind
	if err = client.Bind(from); err == nil {
		err = client.Connect(to, h.Wait)
	}
	var accepted sock.Socket
	var peer netip.AddrPort
	if err == nil {
		accepted, peer, err = server.Accept(h.Wait)
	}
	if err == nil {
		p.Source(peer.Addr(), to.Addr())
	}
	return p.End(err), func() {
		_ = client.Close()
		if accepted != nil {
			_ = accepted.Close()
		}
	}
}

// portSpace reads what the second address got.
func portSpace(seen observation.Set) claim.Answer {
	seen = seen.Op("connect")
	first := seen.Variant(fromPrefix + host.One.String())
	second, tried := seen.Variant(fromPrefix + host.Two.String()).First()
	switch {
	case !first.AllOK() || !tried:
		return claim.Unclear("127.0.0.1 could not connect: %s", list(first.Errors()))
	case second.Outcome == observation.InUse || second.Outcome == observation.Unavailable:
		return claim.Shows("shared", "%s", second.Problem())
	case second.Outcome != observation.OK && second.Errno == "":
		return claim.Unclear("127.0.0.2 could not connect: %s", second.Problem())
	case second.Outcome != observation.OK:
		return claim.Shows(second.Errno, "from 127.0.0.2")
	case second.Source != host.Two.String():
		return claim.Shows("rewritten", "the server sees %s", second.Source)
	default:
		return claim.Shows("per-address", "one port on 127.0.0.1 and 127.0.0.2 at once")
	}
}
