// Package binds tests that the addresses of loopback are separate from each other: separate binds,
// separate sources, separate filters.
//
// POSIX says that bind(2) assigns a local socket address, and that one in use is refused with
// EADDRINUSE; RFC 9293 3.9.1.1 (RFC 1122 4.2.3.7 before it) lets a listener name its local address.
// What "in use" means between a wildcard and an address, and with which options, is left to the
// system by both.
package binds

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// posix refers to a function of POSIX.1-2024.
func posix(function string) claim.Reference {
	return claim.Reference{Document: "POSIX.1-2024", Section: function,
		URL: "https://pubs.opengroup.org/onlinepubs/9799919799/functions/" + function + ".html"}
}

// anyAddress is INADDR_ANY, the wildcard.
var anyAddress = netip.IPv4Unspecified()

// needAddress ends the spec unless this address can be bound: where 127.0.0.2 takes an alias first,
// a claim about two addresses is one about a host that was configured for it.
func needAddress(h *host.Host, a netip.Addr) {
	s, _, err := probe.Listen(h, sock.UDP, netip.AddrPortFrom(a, 0))
	if err != nil {
		h.NotRun("bind", err)
	}
	_ = s.Close() // it told what it was opened for
}

// ofFlows is a rule that is asked about folded observations, and only if something was bound or
// sent.
func ofFlows(rule claim.Rule) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		if len(seen.Op("bind"))+len(seen.Op("connect"))+len(seen.Op("send")) == 0 {
			return claim.Unclear("nothing was bound or sent")
		}
		return rule(observation.Fold(seen))
	}
}
