package block

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The arrangements of a sender and of who listens, in Observation.Variant.
const (
	plain         = "without SO_BROADCAST"
	permitted     = "with SO_BROADCAST"
	permittedOwn  = permitted + ", server on the address"
	permittedOn1  = permitted + ", server on 127.0.0.1"
	sameAsAnother = "unicast" // the behaviour of an edge that is like any other address
)

// atEdge tries on one edge of the block what tells a unicast address from a broadcast address:
// bind, TCP connect, UDP send without and with SO_BROADCAST, who receives the latter, and an echo
// request.
func atEdge(h *host.Host, edge netip.Addr) observation.Set {
	only := []netip.Addr{edge}
	seen := observation.Set{probe.Bind(h, sock.TCP, "", edge), probe.Bind(h, sock.UDP, "", edge)}
	listener, port := serve(h, sock.TCP, wildcard)
	defer func() { _ = listener.Close() }()
	seen = append(seen, probe.Connect(h, probe.Dials{Server: listener, Port: port, Variant: onWildcard}, only)...)
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	allowed := probe.Option{Name: sock.Broadcast, Value: 1}
	seen = append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: plain}, only)...)
	seen = append(seen, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: permitted,
		Options: []probe.Option{allowed}}, only)...)
	seen = append(seen, probe.SendOwn(h, permittedOwn, only, allowed)...)
	seen = append(seen, probe.Overhear(h, permittedOn1, edge, host.One, allowed))
	return append(seen, probe.TryEcho(h, only)...)
}

// edges are the behaviours of an edge.
func edges() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: sameAsAnother, Means: "TCP connects and UDP arrives without SO_BROADCAST, as at any other address"},
		{Word: "broadcast", Means: "UDP is denied without SO_BROADCAST and sent with it; TCP connect fails at once"},
		{Word: "broadcast/tcp-timeout", Means: "UDP is denied without SO_BROADCAST and sent with it; TCP connect gets no answer"},
		{Word: "tcp-timeout", Means: "UDP arrives without SO_BROADCAST, but TCP connect gets no answer"},
		{Word: "silent", Means: "nothing fails and nothing arrives: UDP is lost and TCP connect gets no answer"},
		{Word: "unreachable", Means: "nothing arrives, and TCP or UDP fails at once"},
		{Word: "mixed", Means: "none of these: some ways work and others don't"},
	}
}

// edgeRule reads what kind of address an edge is.
func edgeRule(seen observation.Set) claim.Answer {
	tcp, one := seen.Op("connect").First()
	without, two := seen.Op("send").Variant(plain).First()
	with, three := seen.Op("send").Variant(permitted).First()
	if !one || !two || !three {
		return claim.Unclear("TCP, or UDP without or with SO_BROADCAST, was not tried")
	}
	sent := with.Outcome == observation.OK || with.Outcome == observation.Lost
	denied := without.Outcome == observation.Denied && sent
	hangs := tcp.Outcome == observation.Timeout
	nothing := tcp.Outcome != observation.OK && without.Outcome != observation.OK && with.Outcome != observation.OK
	word := "mixed"
	switch {
	case tcp.Outcome == observation.OK && without.Outcome == observation.OK:
		word = sameAsAnother
	case denied && hangs:
		word = "broadcast/tcp-timeout"
	case denied && tcp.Outcome != observation.OK:
		word = "broadcast"
	case without.Outcome == observation.OK && hangs:
		word = "tcp-timeout"
	case nothing && hangs && without.Outcome == observation.Lost:
		word = "silent"
	case nothing:
		word = "unreachable"
	}
	return claim.Shows(word, "TCP %s, UDP %s, with SO_BROADCAST %s%s", said(tcp), said(without), said(with), heard(seen))
}

func said(o observation.Observation) string {
	if o.Outcome == observation.OK {
		return "arrives"
	}
	return o.Problem()
}

// heard names the sockets that received what was sent with SO_BROADCAST, for the reason.
func heard(seen observation.Set) string {
	var who []string
	for _, v := range []struct{ variant, name string }{
		{permitted, "0.0.0.0"}, {permittedOwn, "the address itself"}, {permittedOn1, "127.0.0.1"},
	} {
		if seen.Op("send").Variant(v.variant).AllOK() {
			who = append(who, v.name)
		}
	}
	if len(who) == 0 {
		return "; no socket receives it"
	}
	return "; sockets on " + strings.Join(who, " and ") + " receive it"
}
