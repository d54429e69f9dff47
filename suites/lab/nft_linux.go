package lab

import (
	"net/netip"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// match is the first half of a packet filter rule, what it applies to; action is the second.
type (
	match  []expr.Any
	action []expr.Any
)

// drop discards the packet; on the input hook the sender does not notice (nft(8), VERDICT STATEMENT).
var drop = action{&expr.Verdict{Kind: expr.VerdictDrop}}

const (
	ipDestination = 16 // of the destination address
	tcpFlags      = 13 // offset of the flags in the TCP header (RFC 9293 3.1)
	tcpReset      = 0x04
	icmpType      = 0 // offset of the type in the ICMP header (RFC 792)
	icmpDestUnr   = 3
)

// to matches packets to an IPv4 address.
func to(address string) match {
	a := netip.MustParseAddr(address).As4()
	return append(ipv4(),
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: ipDestination, Len: 4},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: a[:]})
}

func ipv4() match {
	return match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.NFPROTO_IPV4}}}
}

func transport(protocol byte) match {
	return match{&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{protocol}}}
}

// reset matches TCP segments with RST set.
var reset = append(transport(unix.IPPROTO_TCP),
	&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: tcpFlags, Len: 1},
	&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 1, Mask: []byte{tcpReset}, Xor: []byte{0}},
	&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: []byte{0}})

// unreachable matches ICMP destination unreachable messages.
var unreachable = append(append(ipv4(), transport(unix.IPPROTO_ICMP)...),
	&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: icmpType, Len: 1},
	&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{icmpDestUnr}})

// arriving adds a rule on the input hook.
func arriving(m match, a action) func() error {
	return rule(nftables.Chain{Name: "arriving", Type: nftables.ChainTypeFilter, Hooknum: nftables.ChainHookInput,
		Priority: nftables.ChainPriorityFilter}, m, a)
}

// redirected rewrites the destination of what this host sends, as `dnat to` does.
func redirected(from, address string) func() error {
	a := netip.MustParseAddr(address).As4()
	return rule(nftables.Chain{Name: "redirected", Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookOutput,
		Priority: nftables.ChainPriorityNATDest}, to(from), action{
		&expr.Immediate{Register: 1, Data: a[:]},
		&expr.NAT{Type: expr.NATTypeDestNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1}})
}

func rule(chain nftables.Chain, m match, a action) func() error {
	return func() error {
		conn, err := nftables.New()
		if err != nil {
			return err
		}
		chain.Table = conn.AddTable(&nftables.Table{Name: "fault", Family: nftables.TableFamilyINet})
		c := conn.AddChain(&chain)
		conn.AddRule(&nftables.Rule{Table: chain.Table, Chain: c, Exprs: append(append([]expr.Any{}, m...), a...)})
		return conn.Flush()
	}
}
