package lo_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/lo"
	"github.com/loopmatrix/loopmatrix/suites/netif"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

func TestCarries(t *testing.T) {
	list := observe.Observation{Op: "interface", Targets: []string{"lo"}, Value: "UP,LOOPBACK", Outcome: observe.OK, Count: 1}
	on := func(where, name, prefix string) observe.Observation {
		return observe.Observation{Op: "address", Variant: where, Targets: []string{prefix}, Value: name, Outcome: observe.OK, Count: 1}
	}
	here := func(prefix string) observe.Observation { return on(lo.OnLoopback, "lo", prefix) }
	for _, r := range []struct {
		name, want, word string
		seen             observe.Set
	}{
		{"healthy", "::1/128", "::1/128", observe.Set{list, here("127.0.0.1/8"), here("::1/128")}},
		{"another prefix", "::1/128", "::1/64", observe.Set{list, here("::1/64")}},
		{"both", "127.0.0.1/8", "127.0.0.1/8", observe.Set{list, here("127.0.0.1/32"), here("127.0.0.1/8")}},
		{"host address", "127.0.0.1/8", "127.0.0.1/32", observe.Set{list, here("127.0.0.1/32"), here("::1/128")}},
		{"another address", "127.0.0.1/8", "none", observe.Set{list, here("127.0.0.2/8")}},
		{"on another interface", "::1/128", "elsewhere", observe.Set{list, on(lo.Elsewhere, "eth0", "::1/128")}},
		{"on both", "::1/128", "::1/128", observe.Set{list, on(lo.Elsewhere, "eth0", "::1/128"), here("::1/128")}},
		{"bare", "::1/128", "none", observe.Set{list}},
		{"no loopback interface", "::1/128", "none", observe.Set{{Op: "interface", Outcome: observe.NoAnswer, Count: 1}}},
		{"rubbish", "::1/128", "none", observe.Set{list, here("::1"), here("")}},
		{"nothing", "::1/128", "", nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			g := NewWithT(t)
			got, folded := lo.Carries(r.want)(r.seen), lo.Carries(r.want)(observe.Fold(r.seen))
			g.Expect(got.Word).To(Equal(r.word), got.Reason)
			g.Expect(got.Clear).To(Equal(r.word != ""))
			g.Expect(folded).To(Equal(got))
			if got.Clear {
				_, known := claim.Claim{Behaviours: lo.Prefixes(r.want)}.Behaviour(got.Word)
				g.Expect(known).To(BeTrue())
			}
		})
	}
}

func TestFlags(t *testing.T) {
	g := NewWithT(t)
	g.Expect(lo.Flags(netif.Interface{})).To(BeEmpty())
	g.Expect(lo.Flags(netif.Interface{Multicast: true, Up: true, Loopback: true})).To(Equal("UP,LOOPBACK,MULTICAST"))
	g.Expect(lo.Flags(netif.Interface{Broadcast: true})).To(Equal("BROADCAST"))
}
