package block

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// group is of the administratively scoped block, which no protocol has taken (RFC 2365 section 6.1:
// local scope).
var group = netip.AddrFrom4([4]byte{239, 255, 76, 77})

var _ = claim.It(claim.Claim{
	ID:     "v4.multicast.lo",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1112, "6.1"), claim.RFC(1112, "7.1")},
		Note: "RFC 1112 lets the sender name the outgoing interface and lets a copy loop back to the members on this host; it says " +
			"nothing of the loopback interface. The kit sends with a TTL of 0, which must not leave the host."},
	Sentence: "A multicast group that was joined on the loopback interface receives what is sent with loopback as the outgoing interface.",
	Question: "Does multicast work over loopback?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-multicast-on-lo",
	Behaviours: []claim.Behaviour{
		{Word: "received", Means: "the group receives it"},
		{Word: "lost", Means: "the group can be joined and sent to, but does not receive it"},
		{Word: claim.AnyErrno, Means: "joining the group, or sending to it, fails"},
	},
	Rule: multicast,
}, func(h *host.Host) observation.Set {
	lo := h.Lo()
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	p := probe.Begin(h, "join", "udp", "", group.String())
	if err := server.JoinGroup(group, lo.Index); err != nil {
		return observation.Set{p.End(err)}
	}
	return append(observation.Set{p.End(nil)}, probe.Send(h, probe.Datagrams{Server: server, Port: port, Variant: "outgoing interface lo",
		Options: []probe.Option{{Name: sock.MulticastIf, Value: lo.Index}, {Name: sock.MulticastTTL, Value: 0},
			{Name: sock.MulticastLoop, Value: 1}}}, []netip.Addr{group})...)
})

func multicast(seen observation.Set) claim.Answer {
	join, tried := seen.Op("join").First()
	send, sent := seen.Op("send").First()
	switch {
	case !tried:
		return claim.Unclear("the group was not joined")
	case join.Outcome != observation.OK && join.Errno != "":
		return claim.Shows(join.Errno, "joining the group")
	case join.Outcome != observation.OK || !sent:
		return claim.Unclear("joining the group: %s %s", join.Outcome, join.Value)
	case send.Outcome == observation.OK:
		return claim.Shows("received", "a socket that has joined")
	case send.Outcome == observation.Lost:
		return claim.Shows("lost", "the marker arrives, what was sent to the group does not")
	case send.Errno != "":
		return claim.Shows(send.Errno, "sending to the group")
	default:
		return claim.Unclear("sending to the group: %s %s", send.Outcome, send.Value)
	}
}
