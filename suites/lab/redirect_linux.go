package lab

import (
	"net/netip"
	"strconv"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/sock"
)

// destinationPort is the offset of the port in the headers of TCP (RFC 9293 3.1) and UDP (RFC 768), in bytes.
const destinationPort = 2

// Redirect adds a rule like `ip daddr FROM th dport PORT dnat to TO` to the hook before routing.
func (f *nftFilter) Redirect(from, to netip.AddrPort) error {
	conn, err := nftables.New()
	if err != nil {
		return sock.SystemError("add rule", err)
	}
	f.tables++
	before := chain{nftables.Chain{Name: "arriving", Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookPrerouting,
		Priority: nftables.ChainPriorityNATDest}, nftables.TableFamilyINet}
	port := match{header(expr.PayloadBaseTransportHeader, destinationPort, 2), is(binaryutil.BigEndian.PutUint16(from.Port())...)}
	address := to.Addr().As4()
	add(conn, "spec"+strconv.Itoa(f.tables), before, both(endpoint(ipDestination, from.Addr()), port), action{
		&expr.Immediate{Register: 1, Data: address[:]},
		&expr.Immediate{Register: 2, Data: binaryutil.BigEndian.PutUint16(to.Port())},
		&expr.NAT{Type: expr.NATTypeDestNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1, RegProtoMin: 2}})
	return sock.SystemError("add rule", conn.Flush())
}
