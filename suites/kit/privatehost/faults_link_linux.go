package privatehost

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// linkFaults are about what arrives from a link.
func linkFaults() []Fault {
	loopback := netip.IPv6Loopback()
	return []Fault{{
		Name:  "cable-into-lo-to",
		Does:  "What arrives on the cable for ::1 is handed to lo, as if it came from this host.",
		Turns: []string{"v6.ingress.dst"},
		after: onCable(handed(field6(ip6Destination, loopback), netlink.TCA_INGRESS_REDIR, "lo")),
	}, {
		Name:  "cable-into-lo-from",
		Does:  "What arrives on the cable from ::1 is handed to lo, as if it came from this host.",
		Turns: []string{"v6.ingress.src"},
		after: onCable(handed(field6(ip6Source, loopback), netlink.TCA_INGRESS_REDIR, "lo")),
	}, {
		Name:  "cable-into-cable",
		Does:  "What arrives on the second cable for ::1 leaves by the first, past all routing.",
		Turns: []string{"v6.forward"},
		after: onSecondCable(handed(field6(ip6Destination, loopback), netlink.TCA_EGRESS_REDIR, cableName(0))),
	}, {
		Name:  "loopback6-on-link",
		Does:  "The main table says that ::1 is on the link of the cable.",
		Turns: []string{"v6.nd.noanswer"},
		after: onCable(routed("::1/128")),
	}, {
		Name:     "mapped-dropped",
		Does:     "IPv6 packets from ::ffff:0.0.0.0/96 are dropped on arrival.",
		Turns:    []string{"v6.mapped.wire", "filter.lo.default"},
		Observes: map[string]string{"filter.lo.default": "no-filter → filters"},
		after:    rule(arriving(), from6("::ffff:0:0", mappedBytes), drop()),
	}, {
		Name:     "strong-host",
		Does:     "Packets that arrive on the cable for another interface's address are dropped.",
		Turns:    []string{"v4.weakhost.lo-alias", "v4.neighbour.bypass.opt", "v4.redirect.rdr"},
		Observes: map[string]string{"v4.weakhost.lo-alias": "weak → strong"},
		after:    rule(arriving(), both(into(cableName(0)), foreign()), drop()),
	}}
}

// onSecondCable changes the interface of the second cable; a private host without one has no such
// fault.
func onSecondCable(change func(cable netlink.Link) error) step {
	return func(a host.Arrangement) error {
		if a.Cables < 2 {
			return nil
		}
		return onLink(cableName(1), change)
	}
}

// Offsets into the IPv6 header, in bytes (RFC 8200 3).
const (
	ip6Source      = 8
	ip6Destination = 24
)

// field6 are the keys of a u32 filter that ask for an address at this place of the IPv6 header
// (tc-u32(8)).
func field6(offset int32, a netip.Addr) []netlink.TcU32Key {
	var keys []netlink.TcU32Key
	b := a.As16()
	for i := range int32(4) {
		keys = append(keys, netlink.TcU32Key{Mask: 0xffffffff, Val: binary.BigEndian.Uint32(b[4*i:]), Off: offset + 4*i})
	}
	return keys
}

// handed is a change that gives what arrives on an interface and matches to another, before the
// stack sees it, as `tc filter add dev ... ingress protocol ipv6 u32 match ... action mirred` does.
func handed(keys []netlink.TcU32Key, how netlink.MirredAct, name string) func(netlink.Link) error {
	return func(link netlink.Link) error {
		to, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		attributes := netlink.QdiscAttrs{LinkIndex: link.Attrs().Index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_CLSACT}
		if err := netlink.QdiscAdd(&netlink.Clsact{QdiscAttrs: attributes}); err != nil {
			return fmt.Errorf("queue of arriving packets: %w", err)
		}
		action := netlink.NewMirredAction(to.Attrs().Index)
		action.MirredAction = how
		return netlink.FilterAdd(&netlink.U32{
			FilterAttrs: netlink.FilterAttrs{LinkIndex: link.Attrs().Index, Parent: netlink.HANDLE_MIN_INGRESS, Priority: 1, Protocol: unix.ETH_P_IPV6},
			Sel:         &netlink.TcU32Sel{Flags: netlink.TC_U32_TERMINAL, Nkeys: uint8(len(keys)), Keys: keys},
			Actions:     []netlink.Action{action}})
	}
}

// mappedBytes is the length of the prefix of IPv4-mapped addresses (RFC 4291 2.5.5.2).
const mappedBytes = 12

// from6 matches packets from IPv6 addresses that begin as this one does.
func from6(address string, length uint32) match {
	b := netip.MustParseAddr(address).As16()
	return match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1}, is(unix.NFPROTO_IPV6),
		header(expr.PayloadBaseNetworkHeader, ip6Source, length), is(b[:length]...)}
}

// foreign matches IPv4 packets to an address that is not that of the interface by which they came,
// as `fib daddr . iif type != local` does.
func foreign() match {
	return both(ipv4(), match{&expr.Fib{Register: 1, FlagDADDR: true, FlagIIF: true, ResultADDRTYPE: true},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: nativeUint32(unix.RTN_LOCAL)}})
}

func nativeUint32(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }
