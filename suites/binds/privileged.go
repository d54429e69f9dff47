package binds

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "bind.priv",
	Family: claim.Binds,
	Level:  claim.Folk,
	Source: claim.Source{Note: "the tradition of 4.2BSD (IPPORT_RESERVED); POSIX only has EACCES, for an address that is \"protected\"; " +
		"macOS exempted wildcard addresses in 10.14"},
	Sentence: "Binding a port below 1024 needs privilege, for 127.0.0.1 as for 0.0.0.0.",
	Question: "Can I listen on 127.0.0.1:80 without being root?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "low-ports-free",
	Behaviours: []claim.Behaviour{
		{Word: "needs-privilege", Means: "an unprivileged process is refused, on 127.0.0.1 and on 0.0.0.0"},
		{Word: "wildcard-free", Means: "an unprivileged process is refused on 127.0.0.1, and may bind 0.0.0.0, which exposes the port to the network"},
		{Word: "specific-free", Means: "an unprivileged process is refused on 0.0.0.0, and may bind 127.0.0.1"},
		{Word: "no-privilege-needed", Means: "an unprivileged process may bind both"},
	},
	Rule: ofFlows(lowPorts),
}, func(h *host.Host) observation.Set {
	seen := bindLow(h)
	if !seen.Op("bind").AllOK() {
		return seen
	}
	free, context := withoutPrivilege(h)
	if !free {
		return append(bindAsOther(h), context)
	}
	return append(seen, context)
})

var errPrivileged = errors.New("this process is privileged and may bind ports below 1024, and there is none of another user to try")

// bindAsOther lets a process of another user bind, since this one is privileged.
func bindAsOther(h *host.Host) observation.Set {
	if h.Other == nil {
		h.NotRun("bind", errPrivileged)
	}
	other, end, err := h.Other()
	if err != nil {
		h.NotRun("bind", fmt.Errorf("%w: %w", errPrivileged, err))
	}
	defer func() { _ = end() }() // it holds nothing any more
	as := *h
	as.Stack = other
	return bindLow(&as)
}

// candidates are the ports that are tried until one is found that nothing holds: the one that
// people ask about, and some that hardly any program serves, each lower than the one before.
// Privilege begins at a port and covers all below it, so where a lower port can be bound, a higher
// one is refused because of what holds it: on Windows the system itself holds port 80 (HTTP.sys),
// and says EACCES.
var candidates = []uint16{80, 79, 57, 14, 1}

// heldPort is the operation of the observations of a port that was refused because of what holds
// it.
const heldPort = "bind held port"

// bindLow binds 127.0.0.1 and 0.0.0.0 to the first candidate that nothing holds.
func bindLow(h *host.Host) observation.Set {
	var denied, last observation.Set
	for _, port := range candidates {
		seen := bindBoth(h, port)
		switch {
		case len(seen.Outcome(observation.InUse)) > 0:
			last = seen
		case denied != nil && freer(seen, denied):
			for i := range denied {
				denied[i].Op = heldPort
			}
			return append(seen, denied...)
		case denied != nil:
		case len(seen.Outcome(observation.Denied)) == 0:
			return seen
		default:
			denied = seen
		}
	}
	if denied != nil {
		return denied
	}
	return last
}

// freer reports whether an address can be bound to this port that could not be bound to the other.
func freer(this, other observation.Set) bool {
	for i := range this {
		if this[i].Outcome == observation.OK && other[i].Outcome == observation.Denied {
			return true
		}
	}
	return false
}

// bindBoth binds 127.0.0.1 and 0.0.0.0 to a port, one after the other.
func bindBoth(h *host.Host, port uint16) (seen observation.Set) {
	for _, a := range []netip.Addr{host.One, anyAddress} {
		p := probe.Begin(h, "bind", "tcp", "", fmt.Sprintf("%s:%d", a, port))
		s, err := p.Socket(sock.Inet, sock.TCP)
		if err == nil {
			err = s.Bind(netip.AddrPortFrom(a, port))
		}
		seen = append(seen, p.End(err))
	}
	return seen
}

// withoutPrivilege finds out whether a process that may bind low ports may do so without privilege.
// Linux tells the first port that is free for all. Where that switch is missing, opening a raw
// socket tells whether the process has any privilege; all systems that have privileged ports ask
// for privilege there, too.
func withoutPrivilege(h *host.Host) (bool, observation.Observation) {
	p := probe.Begin(h, "switch", "", "", startSwitch)
	if start, err := h.Network.Switch(startSwitch); err == nil {
		if n, err := strconv.Atoi(start); err == nil {
			return n <= int(candidates[0]), p.Value(start).End(nil)
		}
	}
	p = probe.Begin(h, "socket", "icmp", "raw", "")
	_, err := p.Socket(sock.Inet, sock.RawICMP)
	return err != nil, p.End(err)
}

const startSwitch = "net.ipv4.ip_unprivileged_port_start"

// lowPorts reads who was refused.
func lowPorts(seen observation.Set) claim.Answer {
	seen = seen.Op("bind")
	if len(seen) == 0 || len(seen.Outcome(observation.InUse)) > 0 {
		return claim.Unclear("every low port that was tried is in use")
	}
	var denied, free []string
	for _, o := range seen {
		switch o.Outcome {
		case observation.OK:
			free = append(free, o.Targets...)
		case observation.Denied:
			denied = append(denied, o.Targets...)
		default:
			return claim.Unclear("bind %s: %s", list(o.Targets), o.Problem())
		}
	}
	reason := fmt.Sprintf("bound: %s; refused: %s", orNone(free), orNone(denied))
	switch {
	case len(free) == 0:
		return claim.Shows("needs-privilege", "%s", reason)
	case len(denied) == 0:
		return claim.Shows("no-privilege-needed", "%s", reason)
	case isWildcard(free[0]):
		return claim.Shows("wildcard-free", "%s", reason)
	default:
		return claim.Shows("specific-free", "%s", reason)
	}
}

func isWildcard(target string) bool {
	a, err := netip.ParseAddrPort(target)
	return err == nil && a.Addr().IsUnspecified()
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return list(words)
}
