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
	ID:     "udp.wildreply",
	Family: claim.Binds,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "4.1.3.5"), claim.RFC(1123, "2.3")},
		Note: "the sentence asks it of the application; kernels differ in what they do for one that leaves it to them"},
	Sentence: "A reply that is sent from a wildcard UDP socket carries the address that the request was sent to as its source.",
	Question: "If I ask a UDP server on 127.0.0.2, does the answer come from 127.0.0.2?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "reply-from-another-address",
	Behaviours: []claim.Behaviour{
		{Word: "source=destination", Means: "the reply comes from the address that was asked", Conforms: true},
		{Word: "source=127.0.0.1", Means: "the reply comes from 127.0.0.1, though another address was asked"},
		{Word: "source=other", Means: "the reply comes from a third address"},
		{Word: "no-reply", Means: "the reply does not arrive"},
	},
	Rule: wildReply,
}, func(h *host.Host) observation.Set {
	server, at, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(anyAddress, 0))
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a UDP socket on 0.0.0.0")
	defer func() { _ = server.Close() }()
	asked := probe.Send(h, probe.Datagrams{Server: server, Port: at.Port(), Variant: "request"}, []netip.Addr{host.Two})
	if err := probe.Failure(asked); err != nil {
		h.NotRun("send", err)
	}
	to := netip.AddrPortFrom(host.Two, at.Port())
	return append(asked, replyToFree(h, server, to), replyToConnected(h, server, to))
})

const (
	unconnectedClient = "unconnected client"
	connectedClient   = "connected client"
)

// replyToFree asks the server from a client that takes an answer from any address.
func replyToFree(h *host.Host, server sock.Socket, to netip.AddrPort) observation.Observation {
	p := probe.Begin(h, "reply", "udp", unconnectedClient, to.Addr().String())
	nonce := probe.Nonce(h)
	client, err := p.Socket(sock.Inet, sock.UDP)
	if err == nil {
		err = client.SendTo(nonce, to)
	}
	if err == nil {
		err = answer(p, server, nonce)
	}
	var m sock.Message
	if err == nil {
		m, err = p.Expect(client, nonce)
	}
	return p.Source(m.From.Addr(), to.Addr()).End(err)
}

// replyToConnected asks the server from a client that is connected to it. The answer is followed by
// a datagram from the very address that was asked, sent by a socket that is bound to it and takes
// the server's place.
func replyToConnected(h *host.Host, server sock.Socket, to netip.AddrPort) observation.Observation {
	p := probe.Begin(h, "reply", "udp", connectedClient, to.Addr().String())
	nonce, legal := probe.Nonce(h), probe.Nonce(h)
	client, err := p.Socket(sock.Inet, sock.UDP)
	if err == nil {
		err = client.Connect(to, h.Wait)
	}
	if err == nil {
		err = client.Send(nonce)
	}
	if err == nil {
		err = answer(p, server, nonce)
	}
	var m sock.Message
	if err == nil {
		probe.Marker(h, host.One)
		sendFrom(h, server, to, client, legal)
		m, err = p.Before(client, nonce, legal)
	}
	return p.Source(m.From.Addr(), to.Addr()).End(err)
}

// answer sends the request back that the server receives, by a plain sendto that leaves the source
// to the system. Another request than this one, as one that arrives a second time, is left
// unanswered.
func answer(p *probe.Probe, server sock.Socket, request []byte) error {
	m, err := p.Expect(server, request)
	if err != nil {
		return err
	}
	return server.SendTo(m.Data, m.From)
}

// sendFrom closes the wildcard socket, binds one to the specific address in its place, and sends to
// the client.
func sendFrom(h *host.Host, wildcard sock.Socket, from netip.AddrPort, client sock.Socket, payload []byte) {
	name, err := client.Name()
	h.Expect(err).NotTo(gomega.HaveOccurred(), "getsockname")
	_ = wildcard.Close() // closed again at the end of the spec, which Socket.Close allows
	specific, _, err := probe.Listen(h, sock.UDP, from)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a socket on the address that was asked")
	defer func() { _ = specific.Close() }()
	h.Expect(specific.SendTo(payload, name)).To(gomega.Succeed(), "a datagram from the address that was asked")
}

// wildReply reads the source of the answer that a client without a peer gets, and tells what a
// connected one got.
func wildReply(seen observation.Set) claim.Answer {
	seen = seen.Op("reply")
	free, got := seen.Variant(unconnectedClient).First()
	reason := "a connected client gets it"
	if connected := seen.Variant(connectedClient); !connected.AllOK() {
		reason = "a connected client does not get it: " + list(connected.Errors())
	}
	switch {
	case !got:
		return claim.Unclear("nobody asked")
	case free.Outcome == observation.Lost || free.Outcome == observation.Timeout:
		return claim.Shows("no-reply", "%s", reason)
	case free.Outcome != observation.OK:
		return claim.Unclear("reply: %s", free.Problem())
	case free.Source == observation.SameAsDestination:
		return claim.Shows("source=destination", "%s", reason)
	case free.Source == host.One.String():
		return claim.Shows("source=127.0.0.1", "%s", reason)
	default:
		return claim.Shows("source=other", "%s; %s", free.Source, reason)
	}
}
