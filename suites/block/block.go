// Package block tests that the whole of 127.0.0.0/8 loops back.
//
// RFC 1122 3.2.1.3(g) reserves the block as "internal host loopback address", and RFC 5735 section
// 3 says that a datagram to any address of it "loops back inside the host", while "ordinarily" only
// 127.0.0.1/32 is implemented.
package block

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// loopsBack is the source of every claim that an address of the block is delivered to this very
// host.
func loopsBack() claim.Source {
	return claim.Source{
		References: []claim.Reference{claim.RFC(1122, "3.2.1.3(g)"), claim.RFC(6890, "2.2.2"), claim.RFC(5735, "3"),
			claim.RFC(3330, "2"), claim.RFC(990, "")},
		Note: `RFC 5735 section 3 (obsoleted by RFC 6890, which has only the registry's row): "A datagram sent by a higher-level ` +
			`protocol to an address anywhere within this block loops back inside the host. This is ordinarily implemented ` +
			`using only 127.0.0.1/32 for loopback."`,
	}
}

var wildcard = netip.AddrPortFrom(netip.IPv4Unspecified(), 0)

// serve opens the server of a measurement; that it can be opened is a precondition. TCP servers
// listen.
func serve(h *host.Host, t sock.Type, a netip.AddrPort) (server sock.Socket, port uint16) {
	server, at, err := probe.Listen(h, t, a)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "a server at %s", a.Addr())
	return server, at.Port()
}
