package interfaces

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The states of lo that if.lo.alias goes through: first as lo is on the BSDs, on Linux as well.
const (
	alone  = "127.0.0.1/32 alone"
	single = "with 127.0.0.2/32"
	wide   = "with 127.0.0.2/8"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "if.lo.alias",
	Family:   claim.Interface,
	Level:    claim.Folk,
	Source:   free("users of macOS and the BSDs add 127.0.0.2 as an alias of lo0 wherever they need it"),
	Sentence: "Adding 127.0.0.2 to the loopback interface makes it work as it does where the whole block loops back.",
	Question: "Can I get a second loopback address with an alias?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "works", Means: "127.0.0.2 fails before, and with the alias it can be bound, and TCP, UDP and ICMP echo reach it"},
		{Word: "works-already", Means: "127.0.0.2 works before, though 127.0.0.1/32 is all that lo carries"},
		{Word: "partial", Means: "some of it works, or with one prefix of the alias and not with the other"},
		{Word: "fails", Means: "nothing of it works with the alias either"},
		{Word: claim.AnyErrno, Means: "the alias is refused with this errno"},
	},
	Rule:  aliased,
	Fault: "echo-ignored",
}, claim.Part{Name: "lo", Spec: func(h *host.Host) observation.Set {
	lo := h.Lo()
	narrow(h, lo)
	seen := reached(h, alone)
	seen = append(seen, alias(h, lo.Index, single, prefix(host.Two, 32))...)
	return append(seen, alias(h, lo.Index, wide, prefix(host.Two, 8))...)
}})

// narrow leaves lo 127.0.0.1/32 of all addresses of the block, or ends the spec if the system does
// not take one away.
func narrow(h *host.Host, lo netif.Interface) {
	one := prefix(host.One, 32)
	for _, a := range lo.Addresses {
		if a.Addr().Is4() && a != one {
			if err := h.Admin.Remove(lo.Index, a); err != nil {
				h.NotRun("remove address", err)
			}
		}
	}
	if !slices.Contains(lo.Addresses, one) {
		h.Expect(h.Admin.Assign(lo.Index, one)).To(gomega.Succeed(), "assign "+one.String())
	}
}

func prefix(a netip.Addr, bits int) netip.Prefix { return netip.PrefixFrom(a, bits) }

// alias adds an address to lo, looks what works, and takes it away again.
func alias(h *host.Host, lo int, state string, a netip.Prefix) observation.Set {
	p := probe.Begin(h, "assign", "", state, a.String())
	if err := h.Admin.Assign(lo, a); err != nil {
		return observation.Set{p.End(err)}
	}
	seen := append(observation.Set{p.End(nil)}, reached(h, state)...)
	h.Expect(h.Admin.Remove(lo, a)).To(gomega.Succeed(), "take the alias away")
	return seen
}

// reached tries all that family A asks of an address on 127.0.0.2, and which source the system
// chooses for it.
func reached(h *host.Host, state string) (seen observation.Set) {
	two := []netip.Addr{host.Two}
	seen = append(seen, probe.Bind(h, sock.TCP, "", host.Two), probe.Bind(h, sock.UDP, "", host.Two))
	seen = append(seen, probe.DialOwn(h, "", two)...)
	seen = append(seen, probe.SendOwn(h, "", two)...)
	seen = append(seen, probe.TryEcho(h, two)...)
	seen = append(seen, probe.SourceFor(h, "getsockname", host.Two))
	for i := range seen {
		seen[i].Variant = strings.TrimSuffix(state+", "+seen[i].Variant, ", ")
	}
	return seen
}

func aliased(seen observation.Set) claim.Answer {
	in := func(state string) observation.Set {
		return seen.Where(func(o observation.Observation) bool {
			return strings.Contains(o.Variant, state) && o.Op != "assign" && o.Op != "socket" && !strings.HasSuffix(o.Variant, "getsockname")
		})
	}
	before, narrow, broad := in(alone), in(single), in(wide)
	after := append(append(observation.Set{}, narrow...), broad...)
	refused := seen.Op("assign").Where(func(o observation.Observation) bool { return o.Outcome != observation.OK })
	switch {
	case len(before) == 0 || len(seen.Op("assign")) == 0:
		return claim.Unclear("127.0.0.2 was not tried before the alias, or none was added")
	case before.AllOK():
		return claim.Shows("works-already", "before the alias, over %d ways", len(before))
	case len(refused) > 0:
		return claim.Shows(refused.Errors()[0], "%s", strings.Join(refused.Targets(), ", "))
	case narrow.AllOK() && broad.AllOK():
		return claim.Shows("works", "before: %s; then source=%s", strings.Join(before.Errors(), ", "), sources(seen))
	case len(after.Outcome(observation.OK)) == 0:
		return claim.Shows("fails", "%s", strings.Join(after.Errors(), ", "))
	default:
		return claim.Shows("partial", "with /32: %s; with /8: %s", orAll(narrow), orAll(broad))
	}
}

// sources tells which source was chosen for 127.0.0.2 with each alias.
func sources(seen observation.Set) string {
	var out []string
	for _, state := range []string{single, wide} {
		chosen := seen.Where(func(o observation.Observation) bool {
			return strings.Contains(o.Variant, state) && strings.HasSuffix(o.Variant, "getsockname")
		})
		out = append(out, strings.Join(append(chosen.Sources(), chosen.Errors()...), ", ")+" "+state)
	}
	return strings.Join(out, ", ")
}

func orAll(seen observation.Set) string {
	if seen.AllOK() {
		return "all works"
	}
	return strings.Join(seen.Errors(), ", ")
}
