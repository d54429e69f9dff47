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
	ID:     "udp.connected.filter",
	Family: claim.Binds,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{posix("connect")},
		Note: "POSIX: for a socket that is not connection-mode, connect limits the remote sender for subsequent receives"},
	Sentence: "A UDP socket that is connected to one loopback address ignores datagrams from another.",
	Question: "Can another local address inject datagrams into a connected UDP socket?",
	Gates:    []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:    "connected-udp-takes-all",
	Behaviours: []claim.Behaviour{
		{Word: "ignored", Means: "the stranger's datagram does not arrive, the peer's one sent afterwards does", Conforms: true},
		{Word: "delivered", Means: "the stranger's datagram arrives"},
	},
	Rule: filtered,
}, func(h *host.Host) observation.Set {
	needAddress(h, host.Two)
	needAddress(h, host.Three)
	_, seated, err := probe.BindAll(h, sock.UDP, "", []netip.Addr{host.Two, host.Three})
	defer seated.Close()
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a free port")
	h.Expect(seated.Both()).To(gomega.BeTrue(), "one port on both addresses")
	return intrude(h, seated)
})

// intrude connects a client to the first server and lets the second one send to it, and then, after
// a marker, the first. Both servers have the same port, so that only the address tells them apart.
func intrude(h *host.Host, seated *probe.Seated) observation.Set {
	peer, stranger := seated.Servers[0], seated.Servers[1]
	client, err := h.Stack.Socket(sock.Inet, sock.UDP)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a client")
	defer func() { _ = client.Close() }()
	h.Expect(client.Connect(netip.AddrPortFrom(peer.Only, seated.Port), h.Wait)).To(gomega.Succeed(), "connect")
	name, err := client.Name()
	h.Expect(err).NotTo(gomega.HaveOccurred(), "getsockname")
	unwanted, legal := probe.Nonce(h), probe.Nonce(h)
	p := probe.Begin(h, "recv", "udp", "stranger", stranger.Only.String())
	if err = stranger.Socket.SendTo(unwanted, name); err == nil {
		probe.Marker(h, host.One)
		h.Expect(peer.Socket.SendTo(legal, name)).To(gomega.Succeed(), "the peer sends")
		_, err = p.Before(client, unwanted, legal)
	}
	return observation.Set{p.End(err)}
}

// filtered reads whether the stranger was ignored. Lost means that the peer was heard afterwards.
func filtered(seen observation.Set) claim.Answer {
	stranger := seen.Op("recv").Variant("stranger")
	switch {
	case len(stranger) == 0:
		return claim.Unclear("nobody sent")
	case len(stranger.Outcome(observation.OK)) > 0:
		return claim.Shows("delivered", "from %s", list(stranger.Targets()))
	case len(stranger.Outcome(observation.Lost)) < len(stranger):
		return claim.Unclear("the stranger could not send, or the peer was not heard either: %s", list(stranger.Errors()))
	default:
		return claim.Shows("ignored", "a datagram of the peer, sent afterwards, arrived")
	}
}
