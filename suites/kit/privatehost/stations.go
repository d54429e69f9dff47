//go:build unix && !illumos

package privatehost

import (
	"net"
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// stations are the two ends of each cable: IPv4 from the documentation prefixes (RFC 5737), IPv6
// from a unique local prefix (RFC 4193), because some systems reject the documentation prefix of
// IPv6.
var stations = [2][2]wire.Station{
	{station(1, "198.51.100.1", "fd4c:4d58::1"), station(2, "198.51.100.2", "fd4c:4d58::2")},
	{station(3, "203.0.113.1", "fd4c:4d58:0:1::1"), station(4, "203.0.113.2", "fd4c:4d58:0:1::2")},
}

// Stations are the ends of all cables.
func Stations() []wire.Station { return slices.Concat(stations[0][:], stations[1][:]) }

// station has a locally administered address (IEEE 802, 8.2.2).
func station(last byte, ipv4, ipv6 string) wire.Station {
	return wire.Station{MAC: net.HardwareAddr{0x02, 'l', 'm', 0, 0, last}, IPv4: netip.MustParseAddr(ipv4), IPv6: netip.MustParseAddr(ipv6)}
}

// addresses are those of a station that the arrangement leaves it.
func addresses(s wire.Station, a host.Arrangement) []netip.Addr {
	var out []netip.Addr
	if !a.NoIPv4 {
		out = append(out, s.IPv4)
	}
	if !a.NoIPv6 {
		out = append(out, s.IPv6)
	}
	return out
}
