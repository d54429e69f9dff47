// Package ipv6 tests that IPv6 has one loopback address, and what else an IPv6 socket finds inside
// the host.
//
// RFC 4291 2.5.3 makes ::1 the loopback address, a single /128 (RFC 6890), and RFC 3493 3.7 gives
// IPv6 sockets the way to IPv4 by IPv4-mapped addresses.
package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// loopback is the source of the claims that rest on the definition of ::1.
func loopback() claim.Source {
	return claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: `RFC 4291 2.5.3: "A packet received on an interface with a destination address of loopback must be dropped." ` +
			`The registry of RFC 6890 lists ::1/128.`}
}

// mapped writes an IPv4 address as an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2).
func mapped(a netip.Addr) netip.Addr { return netip.AddrFrom16(a.As16()) }

var wildcard = netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
