package netif

import (
	"testing"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
)

func TestChains(t *testing.T) {
	loopback := []expr.Any{&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte("lo\x00\x00")}, &expr.Counter{}, &expr.Verdict{Kind: expr.VerdictAccept}}
	byIndex := []expr.Any{&expr.Meta{Key: expr.MetaKeyOIF, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{1, 0, 0, 0}}, &expr.Verdict{Kind: expr.VerdictAccept}}
	other := []expr.Any{&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte("eth0\x00")}, &expr.Verdict{Kind: expr.VerdictAccept}}
	dropped := append(append([]expr.Any{}, loopback[:2]...), &expr.Verdict{Kind: expr.VerdictDrop})
	some := append(append([]expr.Any{}, loopback[:2]...), &expr.Payload{}, &expr.Verdict{Kind: expr.VerdictAccept})
	drop, accept := nftables.ChainPolicyDrop, nftables.ChainPolicyAccept
	for name, c := range map[string]struct {
		policy *nftables.ChainPolicy
		rules  [][]expr.Any
		want   nftChain
	}{
		"empty":               {&accept, nil, nftChain{0, false}},
		"a policy that drops": {&drop, nil, nftChain{1, false}},
		"lo is accepted":      {&drop, [][]expr.Any{other, loopback}, nftChain{2, true}},
		"lo by its index":     {&accept, [][]expr.Any{byIndex}, nftChain{1, true}},
		"another interface":   {&drop, [][]expr.Any{other}, nftChain{1, false}},
		"lo is dropped":       {nil, [][]expr.Any{dropped}, nftChain{1, false}},
		"some of lo":          {nil, [][]expr.Any{some}, nftChain{1, false}},
	} {
		var rules []*nftables.Rule
		for _, exprs := range c.rules {
			rules = append(rules, &nftables.Rule{Exprs: exprs})
		}
		if got := readChain(&nftables.Chain{Policy: c.policy}, rules); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestNetfilter(t *testing.T) {
	const head = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
	for sockets, want := range map[string]bool{
		head: false,
		head + "0000000000000000 12  4711       00000000 0        0        0     2        0        1588\n": false,
		head + "0000000000000000 12  0          00000000 0        0        0     2        0        1588\n": true,
	} {
		if netfilter(sockets) != want {
			t.Errorf("%q: %t", sockets, !want)
		}
	}
}
