package ipv6

import (
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The groups with the identifier for experiments (RFC 4727 4.3), interface-local and link-local.
var (
	interfaceLocal = netip.MustParseAddr("ff01::114")
	linkLocalGroup = netip.MustParseAddr("ff02::114")
)

var _ = claim.It(claim.Claim{
	ID:     "v6.multicast.lo",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.7"), claim.RFC(3493, "5.2")},
		Note: `section 2.7: interface-local scope "is useful only for loopback transmission of multicast". The datagrams carry hop limit 0, ` +
			"which RFC 3493 5.2 allows and which keeps them inside the host; IPV6_MULTICAST_LOOP is on by default"},
	Sentence: "What is sent to ff01::/16 and ff02::/16 on the loopback interface is received there by a socket that joined the group.",
	Question: "Does IPv6 multicast work over lo?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-ipv6-multicast-on-lo",
	Behaviours: append(outcomes(claim.Behaviour{Word: "received", Conforms: true,
		Means: "datagrams to both groups arrive"}, false),
		claim.Behaviour{Word: "ff01-only", Means: "datagrams to ff01::/16 arrive, those to ff02::/16 do not"},
		claim.Behaviour{Word: "ff02-only", Means: "datagrams to ff02::/16 arrive, those to ff01::/16 do not"}),
	Rule: groups,
}, func(h *host.Host) observation.Set {
	probe.NeedDelivery(h, sock.UDP, host.One6)
	lo := h.Lo().Index
	return append(joined(h, interfaceLocal, lo), joined(h, linkLocalGroup, lo)...)
})

// joined sends to a group on the interface, to a server that joined it there.
func joined(h *host.Host, group netip.Addr, index int) observation.Set {
	p := probe.Begin(h, "join", "udp", "", group.String())
	server, at, err := probe.ListenOn(p.Stack, sock.UDP, wildcard)
	if err == nil {
		p.Keep(server)
		err = server.JoinGroup(group, index)
	}
	if err != nil {
		return observation.Set{p.End(err)}
	}
	defer func() { p.End(nil) }()
	options := []probe.Option{{Name: sock.MulticastIf, Value: index}, {Name: sock.MulticastTTL, Value: 0}}
	return probe.Send(h, probe.Datagrams{Server: server, Port: at.Port(), Options: options}, []netip.Addr{group})
}

func groups(seen observation.Set) claim.Answer {
	seen = attempts(seen)
	first, second := seen.Target(interfaceLocal.String()), seen.Target(linkLocalGroup.String())
	ignored := seen.Where(func(o observation.Observation) bool { return strings.Contains(o.Value, sock.ErrIgnored.Error()) })
	switch {
	case len(ignored) > 0: // nothing was sent, since nothing would have kept it inside
		return claim.Unclear("the kit can't keep a datagram inside: %s", ignored[0].Value)
	case first.AllOK() && !second.AllOK() && len(second) > 0:
		return claim.Shows("ff01-only", "%s gave %s", linkLocalGroup, second.Errors()[0])
	case second.AllOK() && !first.AllOK() && len(first) > 0:
		return claim.Shows("ff02-only", "%s gave %s", interfaceLocal, first.Errors()[0])
	default:
		return unanimous("received")(seen)
	}
}
