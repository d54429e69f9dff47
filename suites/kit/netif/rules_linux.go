package netif

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// errOlder is why nothing can be said where the older iptables is in use: its rules can be read by
// its own program only.
var errOlder = errors.New("the kernel holds rules of the older iptables, which it does not list")

// rules lists the chains of nftables, rules of iptables-nft included, that a packet over lo passes.
func rules() (Ruleset, error) {
	const op = "list rules"
	found := Ruleset{Filter: "nftables"}
	for _, path := range []string{"/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"} {
		switch names, err := os.ReadFile(path); {
		case err == nil && len(bytes.TrimSpace(names)) > 0:
			return found, &sock.Error{Op: op, Outcome: observation.Unsupported, Err: errOlder}
		case err != nil && !errors.Is(err, os.ErrNotExist):
			return found, sock.SystemError(op, err)
		}
	}
	if sockets, err := os.ReadFile("/proc/net/netlink"); err != nil || !netfilter(string(sockets)) {
		return found, sock.SystemError(op, err)
	}
	chains, err := nftChains()
	if err != nil {
		return found, sock.SystemError(op, err)
	}
	found.Skips = true
	for _, c := range chains {
		found.Rules += c.rules
		found.Skips = found.Skips && (c.rules == 0 || c.skips)
	}
	found.Skips = found.Skips && found.Rules > 0
	return found, nil
}

// netfilter says whether the kernel has a netfilter socket of its own (/proc/net/netlink, protocol
// 12). Without one there is no nftables, and asking would load its modules.
func netfilter(sockets string) bool {
	for line := range strings.Lines(sockets) {
		if f := strings.Fields(line); len(f) > 2 && f[1] == "12" && f[2] == "0" {
			return true
		}
	}
	return false
}

type nftChain struct {
	rules int
	skips bool
}

// nftChains reads the base chains that a packet over lo passes, of each type: one that translates
// or marks it looks at it, too. Those for forwarded packets, and those of a device, are not for lo.
// Without nftables in the kernel its netfilter socket answers EINVAL.
func nftChains() ([]nftChain, error) {
	conn, err := nftables.New()
	if err != nil {
		return nil, err
	}
	all, err := conn.ListChains()
	if errors.Is(err, unix.EINVAL) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []nftChain
	for _, c := range all {
		if c.Hooknum == nil || c.Table.Family == nftables.TableFamilyARP || c.Table.Family == nftables.TableFamilyBridge ||
			c.Table.Family == nftables.TableFamilyNetdev || *c.Hooknum == *nftables.ChainHookForward {
			continue
		}
		found, err := conn.GetRules(c.Table, c)
		if err != nil {
			return nil, err
		}
		out = append(out, readChain(c, found))
	}
	return out, nil
}

func readChain(c *nftables.Chain, all []*nftables.Rule) nftChain {
	var out nftChain
	if c.Policy != nil && *c.Policy == nftables.ChainPolicyDrop {
		out.rules++
	}
	for _, r := range all {
		if !elsewhere(r.Exprs) {
			out.rules++
		}
		out.skips = out.skips || acceptsLo(r.Exprs)
	}
	return out
}

// elsewhere reports whether a rule is about another interface than lo, as `oifname eth0 masquerade`
// is.
func elsewhere(all []expr.Any) bool {
	named := false
	for _, e := range all {
		switch e := e.(type) {
		case *expr.Meta:
			named = ofInterface(e)
		case *expr.Cmp:
			if named && e.Op == expr.CmpOpEq && !isLo(e.Data) {
				return true
			}
		}
	}
	return false
}

func ofInterface(e *expr.Meta) bool {
	return e.Key == expr.MetaKeyIIFNAME || e.Key == expr.MetaKeyOIFNAME || e.Key == expr.MetaKeyIIF || e.Key == expr.MetaKeyOIF
}

// acceptsLo says whether a rule accepts whatever enters or leaves by lo, as `iifname lo accept`
// does.
func acceptsLo(all []expr.Any) bool {
	named, is, accepts := false, false, false
	for _, e := range all {
		switch e := e.(type) {
		case *expr.Meta:
			named = ofInterface(e)
		case *expr.Cmp:
			is = named && e.Op == expr.CmpOpEq && isLo(e.Data)
		case *expr.Counter:
		case *expr.Verdict:
			accepts = e.Kind == expr.VerdictAccept
		default:
			return false // it asks for more than the interface
		}
	}
	return is && accepts
}

// isLo reads the name of an interface, or its index: that of lo is 1 in every network namespace.
func isLo(data []byte) bool {
	return string(bytes.TrimRight(data, "\x00")) == "lo" || bytes.Equal(data, []byte{1, 0, 0, 0}) || bytes.Equal(data, []byte{0, 0, 0, 1})
}
