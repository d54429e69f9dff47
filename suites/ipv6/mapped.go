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

func mapping(note string) claim.Source {
	return claim.Source{References: []claim.Reference{claim.RFC(3493, "3.7"), claim.RFC(4291, "2.5.5.2")}, Note: note}
}

var _ = claim.It(claim.Claim{
	ID:     "v6.mapped.connect",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: mapping("a system may lack dual-stack sockets altogether, as OpenBSD does on purpose"),
	Sentence: "An AF_INET6 socket with IPV6_V6ONLY off reaches 127.0.0.1 as ::ffff:127.0.0.1, and the server sees an " +
		"IPv4 peer.",
	Question: "Can an IPv6 socket talk to 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-mapped",
	Behaviours: outcomes(claim.Behaviour{Word: "reached", Conforms: true,
		Means: "TCP and UDP reach an AF_INET server on 127.0.0.1"}, false),
	Rule: unanimous("reached"),
}, func(h *host.Host) observation.Set {
	need4(h)
	return viaMapped(h, host.One, 0)
})

var _ = claim.It(claim.Claim{
	ID:     "v6.mapped.block",
	Family: claim.IPv6,
	Level:  claim.Impl,
	Source: mapping("no document speaks of IPv4-mapped loopback addresses other than ::ffff:127.0.0.1"),
	Sentence: "An AF_INET6 socket with IPV6_V6ONLY off reaches 127.0.0.2 as ::ffff:127.0.0.2, and the server sees an " +
		"IPv4 peer.",
	Question: "Can an IPv6 socket talk to 127.0.0.2?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "mapped-only-127.0.0.1",
	Behaviours: append(outcomes(claim.Behaviour{Word: "reached",
		Means: "TCP and UDP reach an AF_INET server on 127.0.0.2"}, false),
		claim.Behaviour{Word: "no-127.0.0.2", Means: "AF_INET clients don't reach AF_INET servers on 127.0.0.2 by TCP and UDP either"}),
	Rule: mappedTwo,
}, func(h *host.Host) observation.Set {
	need4(h)
	seen := second(h)
	if !seen.AllOK() {
		return seen
	}
	return append(seen, viaMapped(h, host.Two, 0)...)
})

func mappedTwo(seen observation.Set) claim.Answer {
	if direct := attempts(seen).Variant(controls); len(direct) > 0 && !direct.AllOK() {
		return claim.Shows("no-127.0.0.2", "an AF_INET client gets %s", strings.Join(direct.Errors(), ", "))
	}
	return unanimous("reached")(seen.Variant(""))
}

var _ = claim.It(claim.Claim{
	ID:     "v6.mapped.v6only",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "5.3"), claim.RFC(3493, "3.7")},
		Note: `section 5.3: with the option on, the socket "can be used to send and receive IPv6 packets only"; which errno that gives is open`},
	Sentence: "With IPV6_V6ONLY on, an AF_INET6 socket does not reach 127.0.0.1 as ::ffff:127.0.0.1.",
	Question: "Does IPV6_V6ONLY keep a socket away from 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "v6only-ignored",
	Behaviours: outcomes(claim.Behaviour{Word: "reached",
		Means: "TCP and UDP reach an AF_INET server on 127.0.0.1 all the same"}, true),
	Rule: unanimous("reached"),
}, func(h *host.Host) observation.Set {
	need4(h)
	needV6Only(h)
	return viaMapped(h, host.One, 1)
})

// need4 ends the spec unless there are IPv6 sockets, and 127.0.0.1 for them to reach.
func need4(h *host.Host) {
	probe.NeedIPv6(h)
	probe.NeedDelivery(h, sock.TCP, host.One)
	probe.NeedDelivery(h, sock.UDP, host.One)
}

// second finds out whether AF_INET clients reach AF_INET servers on 127.0.0.2.
func second(h *host.Host) observation.Set {
	two := []netip.Addr{host.Two}
	return append(probe.DialOwn(h, controls, two), probe.SendOwn(h, controls, two)...)
}

// needV6Only ends the spec unless IPV6_V6ONLY can be switched on: without it nothing is asked.
func needV6Only(h *host.Host) {
	s, err := h.Stack.Socket(sock.Inet6, sock.UDP)
	if err != nil {
		h.NotRun("socket", err)
	}
	defer func() { _ = s.Close() }()
	if err := s.SetOption(sock.V6Only, 1); err != nil {
		h.NotRun("setsockopt", err)
	}
}

// viaMapped sends by TCP and UDP from an AF_INET6 socket with this value of IPV6_V6ONLY to AF_INET
// servers.
func viaMapped(h *host.Host, to netip.Addr, v6only int) observation.Set {
	options := []probe.Option{{Name: sock.V6Only, Value: v6only}}
	target := []netip.Addr{mapped(to)}
	seen := serving(h, sock.TCP, netip.AddrPortFrom(to, 0), nil, func(s sock.Socket, port uint16) observation.Set {
		return probe.Connect(h, probe.Dials{Server: s, Port: port, Expect: to, Options: options}, target)
	})
	return append(seen, serving(h, sock.UDP, netip.AddrPortFrom(to, 0), nil, func(s sock.Socket, port uint16) observation.Set {
		return probe.Send(h, probe.Datagrams{Server: s, Port: port, Options: options}, target)
	})...)
}

// serving opens a server, calls use with it, and closes it. If it can't be opened, that is what was
// observed.
func serving(h *host.Host, t sock.Type, at netip.AddrPort, options []probe.Option, use func(sock.Socket, uint16) observation.Set) observation.Set {
	p := probe.Begin(h, "listen", probe.ProtoOf(t, sock.FamilyOf(at.Addr())), "", at.Addr().String())
	s, name, err := probe.ListenOn(p.Stack, t, at, options...)
	if err != nil {
		return observation.Set{p.End(err)}
	}
	defer func() { _ = s.Close() }()
	return use(s, name.Port())
}
