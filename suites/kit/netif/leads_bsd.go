//go:build netbsd || openbsd

package netif

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Leads returns where the kernel would send a packet off this host, by the longest match of the
// routing table. These kernels send 127/8 wherever it leads; it is a reject route of the start
// scripts that keeps it inside.
func Leads(p sock.Packet) string { return byListing(kernel(), p) }

func bounds() []netip.Prefix { return destinations(kernel()) }
