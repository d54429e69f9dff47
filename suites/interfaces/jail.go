package interfaces

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// What getsockname can say after a bind to 127.0.0.1; the jail's address itself identifies it.
const (
	itself   = "127.0.0.1"
	replaced = "another address"
)

var _ = claim.It(claim.Claim{
	ID:     "jail.remap",
	Family: claim.Interface,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{{Document: "FreeBSD jail(2)",
		URL: "https://man.freebsd.org/cgi/man.cgi?query=jail&sektion=2"}}, Note: "said by the vendor of one system; the kernel's function is prison_local_ip4"},
	Sentence: "Inside a jail that shares the host's addresses, 127.0.0.1 means the jail's own address.",
	Question: "What is 127.0.0.1 inside a FreeBSD jail?",
	Gates:    []claim.Gate{claim.Privileged},
	Fault:    "jail-keeps-loopback",
	Behaviours: []claim.Behaviour{
		{Word: "remapped", Means: "a socket bound to 127.0.0.1 has the jail's address", Conforms: true},
		{Word: "kept", Means: "a socket bound to 127.0.0.1 has that address"},
		{Word: "differs", Means: "TCP and UDP don't agree"},
		{Word: claim.AnyErrno, Means: "127.0.0.1 can't be bound in the jail"},
	},
	Rule: remapped,
}, func(h *host.Host) observation.Set {
	needJail(h)
	var seen observation.Set
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		p := probe.Begin(h, "bind", probe.ProtoOf(t, sock.Inet), "", host.One.String())
		s, at, err := probe.ListenOn(p.Stack, t, netip.AddrPortFrom(host.One, 0))
		if err == nil {
			p.Keep(s)
			p.Value(map[bool]string{true: itself, false: replaced}[at.Addr() == host.One])
		}
		seen = append(seen, p.End(err))
	}
	return seen
})

var (
	errFree = errors.New("security.jail.jailed is 0: this process is in no jail")
	errVNET = errors.New("security.jail.vnet is 1: this jail has a network of its own, and shares no address")
)

// needJail ends the spec unless this process is in a jail that shares the host's addresses.
func needJail(h *host.Host) {
	const op = "sysctl security.jail"
	jailed, err := h.Network.Switch("security.jail.jailed")
	if err == nil && jailed != "1" {
		err = errFree
	}
	if err == nil {
		if own, e := h.Network.Switch("security.jail.vnet"); e == nil && own == "1" {
			err = errVNET
		}
	}
	if err != nil {
		h.NotRun(op, err)
	}
}

func remapped(seen observation.Set) claim.Answer {
	bound := seen.Op("bind")
	values := bound.Outcome(observation.OK).Values()
	switch {
	case len(bound) == 0:
		return claim.Unclear("nothing was bound")
	case len(values) == 0 && bound.AllOK():
		return claim.Unclear("getsockname gives nothing")
	case len(values) == 0 && strings.HasPrefix(bound.Errors()[0], "E"):
		return claim.Shows(bound.Errors()[0], "bind 127.0.0.1")
	case len(values) != 1 || !bound.AllOK():
		return claim.Shows("differs", "%s", strings.Join(append(values, bound.Errors()...), ", "))
	case values[0] == itself:
		return claim.Shows("kept", "getsockname gives it")
	default:
		return claim.Shows("remapped", "getsockname gives %s", values[0])
	}
}
