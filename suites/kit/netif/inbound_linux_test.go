package netif

import (
	"testing"

	"github.com/google/nftables/expr"
	"github.com/onsi/gomega"
)

// TestReadRule reads rules as nft and iptables-nft write them.
func TestReadRule(t *testing.T) {
	g := gomega.NewWithT(t)
	daddr := &expr.Payload{Base: expr.PayloadBaseNetworkHeader, Offset: destinationOffset, Len: 4}
	saddr := &expr.Payload{Base: expr.PayloadBaseNetworkHeader, Offset: 12, Len: 4}
	is := func(a ...byte) *expr.Cmp { return &expr.Cmp{Op: expr.CmpOpEq, Data: a} }
	not := func(a ...byte) *expr.Cmp { return &expr.Cmp{Op: expr.CmpOpNeq, Data: a} }
	masked := &expr.Bitwise{Mask: []byte{255, 0, 0, 0}}
	dnat := &expr.NAT{Type: expr.NATTypeDestNAT}
	for name, c := range map[string]struct {
		rule                                []expr.Any
		redirects, loopback, unclear, drops bool
	}{
		"dnat of 127.0.0.1":         {[]expr.Any{daddr, is(127, 0, 0, 1), dnat}, true, true, false, false},
		"dnat of 127/8":             {[]expr.Any{daddr, masked, is(127, 0, 0, 0), dnat}, true, true, false, false},
		"dnat of another address":   {[]expr.Any{daddr, is(192, 0, 2, 2), dnat}, true, false, false, false},
		"dnat of all but a network": {[]expr.Any{daddr, masked, not(10, 0, 0, 0), dnat}, true, true, false, false},
		"dnat of all but loopback":  {[]expr.Any{daddr, masked, not(127, 0, 0, 0), dnat}, true, false, false, false},
		"dnat from a source":        {[]expr.Any{saddr, is(127, 0, 0, 1), dnat}, true, false, true, false},
		"dnat of everything":        {[]expr.Any{dnat}, true, false, true, false},
		"dnat of a set":             {[]expr.Any{daddr, &expr.Lookup{}, dnat}, true, false, true, false},
		"iptables-nft":              {[]expr.Any{daddr, is(127, 0, 0, 1), &expr.Target{Name: "DNAT"}}, true, true, false, false},
		"masquerade":                {[]expr.Any{&expr.Masq{}}, false, false, false, false},
		"a drop":                    {[]expr.Any{&expr.Verdict{Kind: expr.VerdictDrop}}, false, false, false, true},
		"a reject":                  {[]expr.Any{&expr.Reject{}}, false, false, false, true},
		"an accept, and a jump":     {[]expr.Any{&expr.Verdict{Kind: expr.VerdictAccept}, &expr.Verdict{Kind: expr.VerdictJump, Chain: "x"}}, false, false, false, false},
	} {
		redirects, loopback, unclear, drops := readRule(c.rule)
		g.Expect([]bool{redirects, loopback, unclear, drops}).To(gomega.Equal([]bool{c.redirects, c.loopback, c.unclear, c.drops}), name)
	}
}
