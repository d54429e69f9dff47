package privatehost

import (
	"net/netip"
	"slices"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// match is the first half of a packet filter rule, what it applies to; action is the second.
// Registers are set anew by each match, so the halves may be joined at will.
type (
	match  []expr.Any
	action []expr.Any
)

// Offsets into headers, in bytes.
const (
	ipSource        = 12 // RFC 791 3.1
	ipDestination   = 16
	tcpSequence     = 4 // RFC 9293 3.1
	tcpFlags        = 13
	icmpType        = 0 // RFC 792, RFC 4443 2.1
	tcpReset        = 0x04
	icmpDestUnr     = 3
	icmpEchoRequest = 8
)

// both joins two matches: the rule applies to what both apply to.
func both(a, b match) match { return slices.Concat(a, b) }

func is(data ...byte) expr.Any { return &expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: data} }

// header reads bytes of the network (expr.PayloadBaseNetworkHeader) or transport header.
func header(base expr.PayloadBase, offset, length uint32) expr.Any {
	return &expr.Payload{DestRegister: 1, Base: base, Offset: offset, Len: length}
}

// to matches packets to an IPv4 address.
func to(address string) match { return endpoint(ipDestination, netip.MustParseAddr(address)) }

func ipv4() match {
	return match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1}, is(unix.NFPROTO_IPV4)}
}

func endpoint(offset uint32, a netip.Addr) match {
	b := a.As4()
	return both(ipv4(), match{header(expr.PayloadBaseNetworkHeader, offset, 4), is(b[:]...)})
}

func transport(protocol byte) match {
	return match{&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, is(protocol)}
}

// into and outOf match packets that arrive and leave by the interface of this name.
func into(name string) match  { return device(expr.MetaKeyIIFNAME, name) }
func outOf(name string) match { return device(expr.MetaKeyOIFNAME, name) }

func device(key expr.MetaKey, name string) match {
	var padded [unix.IFNAMSIZ]byte
	copy(padded[:], name)
	return match{&expr.Meta{Key: key, Register: 1}, is(padded[:]...)}
}

// refusals matches the resets with which a closed port answers a request to connect: their sequence
// number is zero, which tells them from those that end a connection (RFC 9293 3.10.7.1).
func refusals() match {
	return both(transport(unix.IPPROTO_TCP), match{header(expr.PayloadBaseTransportHeader, tcpFlags, 1),
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 1, Mask: []byte{tcpReset}, Xor: []byte{0}},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: []byte{0}},
		header(expr.PayloadBaseTransportHeader, tcpSequence, 4), is(0, 0, 0, 0)})
}

// icmp matches ICMP messages of a type.
func icmp(kind byte) match {
	return slices.Concat(ipv4(), transport(unix.IPPROTO_ICMP), match{header(expr.PayloadBaseTransportHeader, icmpType, 1), is(kind)})
}

// every matches each n-th packet that comes to the rule.
func every(n uint32) match {
	return match{&expr.Numgen{Register: 1, Modulus: n, Type: unix.NFT_NG_INCREMENTAL}, is(binaryutil.NativeEndian.PutUint32(0)...)}
}

// drop discards the packet; on the input hook the sender does not notice (nft(8), VERDICT
// STATEMENT).
func drop() action { return action{&expr.Verdict{Kind: expr.VerdictDrop}} }

// rejected discards a packet and says so with an ICMP destination unreachable message of this code.
func rejected(code uint8) action {
	return action{&expr.Reject{Type: unix.NFT_REJECT_ICMP_UNREACH, Code: code}}
}

// reset discards a TCP segment and answers with a reset.
func reset() action { return action{&expr.Reject{Type: unix.NFT_REJECT_TCP_RST}} }

// rewritten gives the packet another address: the destination with expr.NATTypeDestNAT, the source
// with expr.NATTypeSourceNAT.
func rewritten(kind expr.NATType, address string) action {
	a := netip.MustParseAddr(address).As4()
	return action{&expr.Immediate{Register: 1, Data: a[:]},
		&expr.NAT{Type: kind, Family: unix.NFPROTO_IPV4, RegAddrMin: 1}}
}

// copied sends a copy of the packet to an address by an interface, as `dup to ADDRESS device
// DEVICE` does.
func copied(address string, index int) action {
	a := netip.MustParseAddr(address).As4()
	return action{&expr.Immediate{Register: 1, Data: a[:]},
		&expr.Immediate{Register: 2, Data: binaryutil.NativeEndian.PutUint32(uint32(index))},
		&expr.Dup{RegAddr: 1, RegDev: 2, IsRegDevSet: true}}
}

// chain is where a rule stands: a base chain, and the family of its table.
type chain struct {
	nftables.Chain
	family nftables.TableFamily
}

func arriving() chain { return filtering("arriving", nftables.ChainHookInput) }
func leaving() chain  { return filtering("leaving", nftables.ChainHookOutput) }

func filtering(name string, hook *nftables.ChainHook) chain {
	return chain{nftables.Chain{Name: name, Type: nftables.ChainTypeFilter, Hooknum: hook, Priority: nftables.ChainPriorityFilter},
		nftables.TableFamilyINet}
}

// copying is a chain for copied, which tables of both families don't have.
func copying() chain {
	c := filtering("copying", nftables.ChainHookOutput)
	c.family = nftables.TableFamilyIPv4
	return c
}

// redirecting and masquerading are chains for rewritten.
func redirecting() chain {
	return chain{nftables.Chain{Name: "redirecting", Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookOutput,
		Priority: nftables.ChainPriorityNATDest}, nftables.TableFamilyINet}
}

func masquerading() chain {
	return chain{nftables.Chain{Name: "masquerading", Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookPostrouting,
		Priority: nftables.ChainPriorityNATSource}, nftables.TableFamilyINet}
}

// add puts a rule at the end of a chain, whose table and itself are made if they are not there.
func add(conn *nftables.Conn, table string, c chain, m match, a action) *nftables.Table {
	c.Table = conn.AddTable(&nftables.Table{Name: table, Family: c.family})
	conn.AddRule(&nftables.Rule{Table: c.Table, Chain: conn.AddChain(&c.Chain), Exprs: slices.Concat(m, match(a))})
	return c.Table
}

// rule is a fault that adds a rule.
func rule(c chain, m match, a action) step {
	return func(host.Arrangement) error {
		conn, err := nftables.New()
		if err != nil {
			return err
		}
		add(conn, "fault", c, m, a)
		return conn.Flush()
	}
}
