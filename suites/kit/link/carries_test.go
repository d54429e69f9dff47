package link_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestCarries(t *testing.T) {
	list := observation.Observation{Op: "interface", Targets: []string{"lo"}, Value: "UP,LOOPBACK", Outcome: observation.OK, Count: 1}
	on := func(where, name, prefix string) observation.Observation {
		return observation.Observation{Op: "address", Variant: where, Targets: []string{prefix}, Value: name, Outcome: observation.OK, Count: 1}
	}
	here := func(prefix string) observation.Observation { return on(link.OnLoopback, "lo", prefix) }
	for _, r := range []struct {
		name, want, word string
		seen             observation.Set
	}{
		{"healthy", "::1/128", "::1/128", observation.Set{list, here("127.0.0.1/8"), here("::1/128")}},
		{"another prefix", "::1/128", "::1/64", observation.Set{list, here("::1/64")}},
		{"both", "127.0.0.1/8", "127.0.0.1/8", observation.Set{list, here("127.0.0.1/32"), here("127.0.0.1/8")}},
		{"host address", "127.0.0.1/8", "127.0.0.1/32", observation.Set{list, here("127.0.0.1/32"), here("::1/128")}},
		{"another address", "127.0.0.1/8", "none", observation.Set{list, here("127.0.0.2/8")}},
		{"on another interface", "::1/128", "elsewhere", observation.Set{list, on(link.Elsewhere, "eth0", "::1/128")}},
		{"on both", "::1/128", "::1/128", observation.Set{list, on(link.Elsewhere, "eth0", "::1/128"), here("::1/128")}},
		{"bare", "::1/128", "none", observation.Set{list}},
		{"no loopback interface", "::1/128", "none", observation.Set{{Op: "interface", Outcome: observation.NoAnswer, Count: 1}}},
		{"rubbish", "::1/128", "none", observation.Set{list, here("::1"), here("")}},
		{"nothing", "::1/128", "", nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			g := NewWithT(t)
			got, folded := link.Carries(r.want)(r.seen), link.Carries(r.want)(observation.Fold(r.seen))
			g.Expect(got.Word).To(Equal(r.word), got.Reason)
			g.Expect(got.Clear).To(Equal(r.word != ""))
			g.Expect(folded).To(Equal(got))
			if got.Clear {
				_, known := claim.Claim{Behaviours: link.Prefixes(r.want)}.Behaviour(got.Word)
				g.Expect(known).To(BeTrue())
			}
		})
	}
}

func TestFlags(t *testing.T) {
	g := NewWithT(t)
	g.Expect(link.Flags(netif.Interface{})).To(BeEmpty())
	g.Expect(link.Flags(netif.Interface{Multicast: true, Up: true, Loopback: true})).To(Equal("UP,LOOPBACK,MULTICAST"))
	g.Expect(link.Flags(netif.Interface{Broadcast: true})).To(Equal("BROADCAST"))
}
