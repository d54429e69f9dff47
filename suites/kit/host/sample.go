package host

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
)

// The edges of the block. They are no part of a sample: claims v4.edge.low and v4.edge.high are
// about them.
var (
	Low  = netip.AddrFrom4([4]byte{127, 0, 0, 0})
	High = netip.AddrFrom4([4]byte{127, 255, 255, 255})
)

// The addresses that people really use: the usual one, its neighbour, the one of systemd-resolved,
// Debian's for the host's own name, and one that a client may bind.
var (
	One    = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	Two    = netip.AddrFrom4([4]byte{127, 0, 0, 2})
	Three  = netip.AddrFrom4([4]byte{127, 0, 0, 3})
	Five   = netip.AddrFrom4([4]byte{127, 0, 0, 5})
	Stub   = netip.AddrFrom4([4]byte{127, 0, 0, 53})
	Debian = netip.AddrFrom4([4]byte{127, 0, 1, 1})
	One6   = netip.IPv6Loopback()
)

// RandomAddresses is how many random addresses a sample holds: enough that a hole of a sixteenth of
// the block is missed once in 60 runs only (15/16 to the 64th).
const RandomAddresses = 64

// borders are the ordinary addresses beside the edges and on both sides of the octet borders.
var borders = []string{"127.0.0.254", "127.0.0.255", "127.0.1.0", "127.0.255.255", "127.1.0.0", "127.1.2.3",
	"127.127.255.255", "127.128.0.0", "127.254.255.255", "127.255.0.0", "127.255.254.255", "127.255.255.0",
	"127.255.255.253", "127.255.255.254"}

// Sample gives the ordinary addresses that stand for the block: the ones that people use, the
// neighbours of the edges, the octet borders, and RandomAddresses random ones. The same seed gives
// the same sample.
func Sample(seed uint64) []netip.Addr {
	out := []netip.Addr{One, Two, Three, Five, Stub, Debian}
	for _, b := range borders {
		out = append(out, netip.MustParseAddr(b))
	}
	seen := map[netip.Addr]bool{Low: true, High: true}
	for _, a := range out {
		seen[a] = true
	}
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a sample must be repeatable, not secret
	for want := len(out) + RandomAddresses; len(out) < want; {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], 127<<24|random.Uint32N(1<<24))
		if a := netip.AddrFrom4(b); !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}
