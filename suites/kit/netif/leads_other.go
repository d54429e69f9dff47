//go:build !linux && !netbsd && !openbsd

package netif

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Leads returns nothing: macOS, FreeBSD and DragonFly refuse a loopback destination on any other
// interface when they send (ip_output(), EADDRNOTAVAIL), which is an answer to be measured; Windows
// and illumos are not asked.
func Leads(sock.Packet) string { return "" }

func bounds() []netip.Prefix { return nil }
