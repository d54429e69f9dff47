package netif

import (
	"net/netip"
	"testing"

	"github.com/onsi/gomega"
	"go4.org/netipx"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestLeaving asks one address of each stretch that a route or a rule divides, and no other.
func TestLeaving(t *testing.T) {
	g := gomega.NewWithT(t)
	whole := netip.MustParsePrefix("127.0.0.0/8")
	away := netip.MustParsePrefix("127.5.0.0/16")
	divided := []netip.Prefix{whole, netip.MustParsePrefix("127.0.0.53/32"), away, netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("0.0.0.0/0"),
		netip.MustParsePrefix("127.255.255.255/32")}
	asked := 0
	got := leaving(whole, divided, func(a netip.Addr) string {
		asked++
		switch {
		case a == netip.MustParseAddr("127.0.0.53"):
			return "by eth0"
		case away.Contains(a):
			return "by eth1"
		}
		return ""
	})
	g.Expect(asked).To(gomega.Equal(6))
	g.Expect(got).To(gomega.Equal(map[netipx.IPRange]string{
		netipx.MustParseIPRange("127.0.0.53-127.0.0.53"):   "by eth0",
		netipx.MustParseIPRange("127.5.0.0-127.5.255.255"): "by eth1",
	}))
	g.Expect(leaving(whole, nil, func(netip.Addr) string { return "by eth0" })).To(gomega.HaveLen(1), "all of it")
	g.Expect(leaving(netip.MustParsePrefix("127.0.0.53/32"), divided, func(netip.Addr) string { return "" })).To(gomega.BeEmpty())
}

// listing is a network that tells its routes and its interfaces.
type listing struct {
	Network
	routes     []Route
	interfaces []Interface
}

func (l listing) Routes() ([]Route, error)            { return l.routes, nil }
func (l listing) Interfaces() ([]Interface, error)    { return l.interfaces, nil }
func (l listing) RouteTo(a netip.Addr) (Route, error) { return longestMatch(l.routes, a) }
func packetTo(a string) sock.Packet {
	return sock.Packet{Type: sock.UDP, To: netip.AddrPortFrom(netip.MustParseAddr(a), 9)}
}
func prefixesOf(all ...string) (out []netip.Prefix) {
	for _, p := range all {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// TestByListing has the routes of a BSD without the reject route of its start scripts, and with it.
func TestByListing(t *testing.T) {
	g := gomega.NewWithT(t)
	n := listing{interfaces: []Interface{{Name: "lo0", Loopback: true, Addresses: prefixesOf("127.0.0.1/8")}, {Name: "em0", Addresses: prefixesOf("192.0.2.2/24")}},
		routes: []Route{{Destination: netip.MustParsePrefix("0.0.0.0/0"), Interface: "em0", Gateway: netip.MustParseAddr("192.0.2.1"), Kind: "unicast"},
			{Destination: netip.MustParsePrefix("127.0.0.1/32"), Interface: "lo0", Kind: "unicast"}}}
	g.Expect(byListing(n, packetTo("127.0.0.1"))).To(gomega.BeEmpty())
	g.Expect(byListing(n, packetTo("127.0.0.2"))).To(gomega.Equal("by em0 to 192.0.2.1"))
	g.Expect(byListing(n, packetTo("192.0.2.2"))).To(gomega.BeEmpty(), "an address of its own")
	n.routes = append(n.routes, Route{Destination: netip.MustParsePrefix("127.0.0.0/8"), Interface: "lo0", Kind: "reject"})
	g.Expect(byListing(n, packetTo("127.0.0.2"))).To(gomega.BeEmpty())
	g.Expect(destinations(n)).To(gomega.HaveLen(3))
}

// TestHealthyKernel asks the kernel of this machine, on which nothing of loopback leaves.
func TestHealthyKernel(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, a := range []string{"127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"} {
		for _, kind := range []sock.Type{sock.TCP, sock.UDP, sock.Ping, sock.RawICMP} {
			p := packetTo(a)
			p.Type = kind
			g.Expect(Leads(p)).To(gomega.BeEmpty(), a)
		}
	}
	g.Expect(Leaving(netip.MustParsePrefix("127.0.0.0/8"), sock.UDP)).To(gomega.BeEmpty())
}
