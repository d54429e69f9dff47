package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:       "bind.v4v6.independent",
	Family:   claim.Binds,
	Level:    claim.Stated,
	Source:   claim.Source{References: []claim.Reference{claim.RFC(3493, "5.3"), posix("bind")}},
	Sentence: "127.0.0.1:p and [::1]:p are independent: both can be held, and neither receives what is sent to the other.",
	Question: "Are localhost over IPv4 and localhost over IPv6 two different servers on the same port?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "v6-takes-v4",
	Behaviours: []claim.Behaviour{
		{Word: "independent", Means: "both hold the port, and each receives its own", Conforms: true},
		{Word: "conflict", Means: "a port held on one can't be bound on the other"},
		{Word: "crossed", Means: "both hold the port, and something reached the other"},
	},
	Rule: independence,
}, func(h *host.Host) observation.Set {
	needAddress(h, host.One6)
	var seen observation.Set
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		bound, seated, err := probe.BindAll(h, t, "", []netip.Addr{host.One, host.One6})
		if err != nil {
			h.NotRun("bind", err)
		}
		seen = append(seen, bound...)
		if seated.Both() {
			seen = append(seen, probe.Reach(h, "", seated.Servers, seated.Targets(), 5)...)
		}
		seated.Close()
	}
	return seen
})

// independence reads whether both could be held, and whether anything crossed.
func independence(seen observation.Set) claim.Answer {
	bound := seen.Op("bind")
	switch {
	case len(bound) == 0:
		return claim.Unclear("nothing was bound")
	case len(bound.Outcome(observation.InUse)) > 0:
		return claim.Shows("conflict", "%s", list(bound.Errors()))
	case !bound.AllOK():
		return claim.Unclear("bind: %s", list(bound.Errors()))
	}
	answer := isolation(seen)
	if answer.Word == "isolated" {
		answer.Word = "independent"
	}
	return answer
}

var _ = claim.It(claim.Claim{
	ID:     "bind.v6wild.blocks-v4",
	Family: claim.Binds,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(3493, "5.3"), posix("bind")},
		Note: "section 5.3 says that IPV6_V6ONLY is off by default, and is silent on conflicts with IPv4 sockets"},
	Sentence: "[::]:p with IPV6_V6ONLY off conflicts with 127.0.0.1:p.",
	Question: "A server listens on [::]:8080 for both families: can another one take 127.0.0.1:8080?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "v6-wildcard-beside-v4",
	Behaviours: append(coexistBehaviours(), claim.Behaviour{Word: "always-v6only",
		Means: "IPV6_V6ONLY can't be switched off, so that the question does not arise"}),
	Rule: wildcardOfBoth,
}, func(h *host.Host) observation.Set {
	seen := v6only(h)
	if !seen.AllOK() {
		return seen
	}
	both := probe.Seat{Addr: netip.IPv6Unspecified(), Options: []probe.Option{{Name: sock.V6Only, Value: 0}}}
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		for _, p := range []probe.Pair{
			{Type: t, Variant: "[::] first", First: both, Second: probe.Seat{Addr: host.One}},
			{Type: t, Variant: "127.0.0.1 first", First: probe.Seat{Addr: host.One}, Second: both},
		} {
			o, seated := p.Bind(h)
			seated.Close()
			seen = append(seen, o)
		}
	}
	return seen
})

// v6only reads the default of IPV6_V6ONLY, and switches it off. A host without IPv6 ends the spec.
func v6only(h *host.Host) observation.Set {
	p := probe.Begin(h, "getsockopt", "tcp", sock.V6Only.String()+" default", "")
	s, err := p.Socket(sock.Inet6, sock.TCP)
	if err != nil {
		h.NotRun("socket", err)
	}
	v, err := s.Option(sock.V6Only)
	if err == nil {
		p.Value(map[bool]string{false: "off", true: "on"}[v != 0])
	}
	seen := observation.Set{p.End(err)}
	p = probe.Begin(h, "setsockopt", "tcp", sock.V6Only.String()+" off", "")
	if s, err = p.Socket(sock.Inet6, sock.TCP); err == nil {
		err = s.SetOption(sock.V6Only, 0)
	}
	return append(seen, p.End(err))
}

// wildcardOfBoth is coexist for a wildcard of both families, where there is such a thing.
func wildcardOfBoth(seen observation.Set) claim.Answer {
	if off := seen.Op("setsockopt"); len(off) > 0 && !off.AllOK() {
		return claim.Shows("always-v6only", "%s", list(off.Errors()))
	}
	answer := coexist(seen)
	if v := seen.Op("getsockopt").Values(); answer.Clear && len(v) > 0 {
		answer.Reason += "; by default IPV6_V6ONLY is " + v[0]
	}
	return answer
}
