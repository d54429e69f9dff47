package netif

import (
	"errors"
	"net/netip"
	"os"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// Inbound reads the rules of nftables, those of iptables-nft included, that a packet from a link
// meets. It takes privilege where there are any.
func Inbound() (InboundRules, error) {
	if sockets, err := os.ReadFile("/proc/net/netlink"); err != nil || !netfilter(string(sockets)) {
		if err != nil {
			return InboundRules{}, sock.SystemError("read /proc/net/netlink", err)
		}
		return InboundRules{}, nil
	}
	found, err := inbound()
	if err != nil {
		return found, sock.SystemError("list rules", err)
	}
	return found, nil
}

func inbound() (InboundRules, error) {
	var out InboundRules
	conn, err := nftables.New()
	if err != nil {
		return out, err
	}
	all, err := conn.ListChains()
	if errors.Is(err, unix.EINVAL) { // no nftables in this kernel
		return out, nil
	}
	if err != nil {
		return out, err
	}
	for _, c := range all {
		if c.Table.Family == nftables.TableFamilyIPv6 || c.Table.Family == nftables.TableFamilyARP {
			continue
		}
		rules, err := conn.GetRules(c.Table, c)
		if err != nil {
			return out, err
		}
		out.add(c, rules)
	}
	return out, nil
}

// add counts what the rules of a chain may do to a packet that comes in. A chain without a hook is
// reached from another.
func (r *InboundRules) add(c *nftables.Chain, rules []*nftables.Rule) {
	place := "table " + familyName(c.Table.Family) + " " + c.Table.Name + ", chain " + c.Name
	outgoing := c.Hooknum != nil && c.Type != nftables.ChainTypeNAT && (*c.Hooknum == *nftables.ChainHookOutput || *c.Hooknum == *nftables.ChainHookPostrouting)
	if c.Policy != nil && *c.Policy == nftables.ChainPolicyDrop && !outgoing {
		r.Filters++
	}
	for _, rule := range rules {
		redirects, loopback, unclear, drops := readRule(rule.Exprs)
		if sent := c.Hooknum != nil && *c.Hooknum == *nftables.ChainHookOutput; redirects && (loopback || unclear) && !sent {
			r.Redirects = append(r.Redirects, Redirect{place, loopback, unclear && !loopback})
		}
		if drops && !outgoing {
			r.Filters++
		}
	}
}

func familyName(f nftables.TableFamily) string {
	switch f {
	case nftables.TableFamilyIPv4:
		return "ip"
	case nftables.TableFamilyINet:
		return "inet"
	case nftables.TableFamilyNetdev:
		return "netdev"
	case nftables.TableFamilyBridge:
		return "bridge"
	default:
		return "of another family"
	}
}

// The place of the destination address in an IPv4 header (RFC 791 3.1).
const (
	destinationOffset = 16
	destinationLength = 4
)

// readRule reads what a rule does: whether it changes the destination, whether it names one of
// 127.0.0.0/8 or none at all (so that loopback is among what it is about), and whether it may drop.
func readRule(all []expr.Any) (redirects, loopback, unclear, drops bool) {
	destination, bits := false, 0 // the register holds the destination, masked to so many bits
	named := false
	for _, e := range all {
		switch e := e.(type) {
		case *expr.Payload:
			destination = e.Base == expr.PayloadBaseNetworkHeader && e.Offset == destinationOffset && e.Len <= destinationLength
			bits = int(e.Len) * 8
		case *expr.Bitwise:
			if destination {
				bits = ones(e.Mask)
			}
		case *expr.Cmp:
			if destination {
				named = true
				p, ok := prefixIn(e.Data, bits)
				loopback = loopback || ok && (e.Op == expr.CmpOpEq) == p.Overlaps(loopback4)
				unclear = unclear || e.Op != expr.CmpOpEq && e.Op != expr.CmpOpNeq
			}
			destination = false
		case *expr.Lookup, *expr.Range, *expr.Dynset:
			named, unclear = true, unclear || destination
			destination = false
		case *expr.NAT:
			redirects = redirects || e.Type == expr.NATTypeDestNAT
		case *expr.Redir, *expr.TProxy:
			redirects = true
		case *expr.Target:
			redirects = redirects || e.Name == "DNAT" || e.Name == "REDIRECT" || e.Name == "TPROXY"
		case *expr.Reject:
			drops = true
		case *expr.Verdict:
			drops = drops || e.Kind == expr.VerdictDrop
			if e.Kind == expr.VerdictJump || e.Kind == expr.VerdictGoto { // what is there is read as a chain of its own
				continue
			}
		}
	}
	// Without a destination of its own a rule is about what is local already (addrtype, fib), or
	// about everything: a martian destination is refused only where the packet is routed, which is
	// after this hook.
	return redirects, loopback, unclear || redirects && !named, drops
}

func ones(mask []byte) (n int) {
	for _, b := range mask {
		for ; b&0x80 != 0; b <<= 1 {
			n++
		}
	}
	return n
}

// prefixIn is the prefix that a comparison with so many bits of an address is about.
func prefixIn(data []byte, bits int) (netip.Prefix, bool) {
	if len(data) == 0 || len(data) > destinationLength || bits > 32 {
		return netip.Prefix{}, false
	}
	var a [4]byte
	copy(a[:], data)
	return netip.PrefixFrom(netip.AddrFrom4(a), bits).Masked(), true
}
