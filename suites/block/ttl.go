package block

import (
	"net/netip"
	"strconv"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.ttl.one",
	Family: claim.Block,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.7"), claim.RFC(1812, "5.3.1")},
		Note: "RFC 1122 forbids sending a TTL of 0 and discarding a datagram for this host because its TTL is below 2; only a router " +
			"that forwards decrements it (RFC 1812)."},
	Sentence: "A datagram sent with a TTL of 1 is delivered over loopback, and arrives with a TTL of 1.",
	Question: "Does loopback count as a hop?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "loopback-decrements-ttl",
	Behaviours: []claim.Behaviour{
		{Word: "ttl=1", Means: "it arrives with a TTL of 1", Conforms: true},
		{Word: "decremented", Means: "it arrives with a TTL of 0"},
		{Word: "ttl=other", Means: "it arrives with a TTL other than 0 and 1"},
		{Word: "not-delivered", Means: "it does not arrive"},
	},
	Rule: hop,
}, func(h *host.Host) observation.Set {
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	if err := server.SetOption(sock.RecvTTL, 1); err != nil {
		h.NotRun("setsockopt", err)
	}
	return probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: "IP_TTL 1",
		Options: []probe.Option{{Name: sock.TTL, Value: 1}},
		Note:    func(m sock.Message) string { return strconv.Itoa(m.TTL) }}, []netip.Addr{host.One})
})

func hop(seen observation.Set) claim.Answer {
	o, tried := seen.Op("send").First()
	switch {
	case !tried:
		return claim.Unclear("nothing was sent")
	case o.Outcome != observation.OK:
		return claim.Shows("not-delivered", "%s", o.Problem())
	case o.Value == "1":
		return claim.Shows("ttl=1", "received TTL")
	case o.Value == "0":
		return claim.Shows("decremented", "received TTL")
	case o.Value == "-1" || o.Value == "":
		return claim.Unclear("it arrives, but the system does not tell with which TTL")
	default:
		return claim.Shows("ttl=other", "it arrives with a TTL of %s", o.Value)
	}
}
