package privatehost

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Offsets of the ports in the headers of TCP (RFC 9293 3.1) and UDP (RFC 768), in bytes.
const (
	sourcePort      = 0
	destinationPort = 2
)

// Redirect adds a rule like `ip saddr SOURCE ip daddr DESTINATION th sport PORT th dport PORT dnat
// to TO` to the hook before routing.
func (f *nftFilter) Redirect(source, destination, to netip.AddrPort) error {
	conn, err := nftables.New()
	if err != nil {
		return sock.SystemError("add rule", err)
	}
	f.tables++
	before := chain{nftables.Chain{Name: "arriving", Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookPrerouting,
		Priority: nftables.ChainPriorityNATDest}, nftables.TableFamilyINet}
	flow := slices.Concat(endpoint(ipSource, source.Addr()), endpoint(ipDestination, destination.Addr()),
		port(sourcePort, source.Port()), port(destinationPort, destination.Port()))
	address := to.Addr().As4()
	add(conn, "spec"+strconv.Itoa(f.tables), before, flow, action{
		&expr.Immediate{Register: 1, Data: address[:]},
		&expr.Immediate{Register: 2, Data: binaryutil.BigEndian.PutUint16(to.Port())},
		&expr.NAT{Type: expr.NATTypeDestNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1, RegProtoMin: 2}})
	return sock.SystemError("add rule", conn.Flush())
}

func port(offset uint32, number uint16) match {
	return match{header(expr.PayloadBaseTransportHeader, offset, 2), is(binaryutil.BigEndian.PutUint16(number)...)}
}
