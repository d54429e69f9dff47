package block

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.broadcast.permission",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{{Document: "POSIX.1-2024", Section: "2.10.16 (SO_BROADCAST)",
		URL: "https://pubs.opengroup.org/onlinepubs/9799919799/functions/V2_chap02.html#tag_16_10_16"}},
		Note: "POSIX says that the option permits broadcasts, and not which addresses are broadcast addresses."},
	Sentence: "Sending a datagram to 127.255.255.255 needs SO_BROADCAST.",
	Question: "Why does sending to 127.255.255.255 give a permission error?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "broadcast-without-permission",
	Behaviours: []claim.Behaviour{
		{Word: "needed", Means: "the send is denied without SO_BROADCAST and accepted with it"},
		{Word: "not-needed", Means: "the send is accepted without SO_BROADCAST"},
		{Word: "denied", Means: "the send is denied even with SO_BROADCAST"},
		{Word: "no-such-destination", Means: "the send fails with and without SO_BROADCAST, and not for lack of permission"},
	},
	Rule: permission,
}, func(h *host.Host) observation.Set {
	server, port := serve(h, sock.UDP, wildcard)
	defer func() { _ = server.Close() }()
	d := probe.Datagrams{Server: server, Port: port, Variant: plain}
	seen := probe.Send(h, d, []netip.Addr{host.High})
	d.Variant, d.Options = permitted, []probe.Option{{Name: sock.Broadcast, Value: 1}}
	return append(seen, probe.Send(h, d, []netip.Addr{host.High})...)
})

// permission reads what the system says to the sender; whether the datagram arrives is
// v4.edge.high's question.
func permission(seen observation.Set) claim.Answer {
	without, one := seen.Op("send").Variant(plain).First()
	with, two := seen.Op("send").Variant(permitted).First()
	accepted := func(o observation.Observation) bool {
		return o.Outcome == observation.OK || o.Outcome == observation.Lost || o.Outcome == observation.Astray
	}
	switch {
	case !one || !two:
		return claim.Unclear("the send was not tried without or with SO_BROADCAST")
	case accepted(without):
		return claim.Shows("not-needed", "%s, %s: sent", plain, said(without))
	case without.Outcome == observation.Denied && accepted(with):
		return claim.Shows("needed", "%s %s; %s %s", without.Problem(), plain, said(with), permitted)
	case with.Outcome == observation.Denied:
		return claim.Shows("denied", "%s even %s", with.Problem(), permitted)
	default:
		return claim.Shows("no-such-destination", "%s %s, %s %s", without.Problem(), plain, said(with), permitted)
	}
}
