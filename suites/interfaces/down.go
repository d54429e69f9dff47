package interfaces

import (
	"net/netip"
	"slices"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "if.lo.down",
	Family: claim.Interface,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3(g)"), claim.RFC(4291, "2.5.3")},
		Note: `RFC 1122: "Addresses of this form MUST NOT appear outside a host." Linux keeps the local routes of IPv4 when lo goes ` +
			"down (fib_sync_down_dev spares them) and removes those of IPv6, so that ::1 follows the default route then."},
	Sentence: "With lo down, loopback fails, and nothing of it appears outside the host.",
	Question: "What happens to 127.0.0.1 when lo is down?",
	Gates:    []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: []claim.Behaviour{
		{Word: "fails-closed", Means: "loopback fails, and the cable carries nothing of it", Conforms: true},
		{Word: "works", Means: "loopback works without lo", Conforms: true},
		{Word: "only-ipv6-works", Means: "::1 works without lo, 127.0.0.0/8 fails, and the cable carries nothing of either", Conforms: true},
		{Word: "leaks", Means: "the cable carries packets that were meant for 127.0.0.0/8"},
		{Word: "leaks-ipv6", Means: "the cable carries packets that were meant for ::1, and none for 127.0.0.0/8"},
	},
	Rule:  withLoDown,
	Fault: "lo-slash-32",
}, link.BothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	h.Expect(h.Admin.SetUp(h.Lo().Index, false)).To(gomega.Succeed(), "take lo down")
	seen := observation.Set{probe.Bind(h, sock.UDP, "", host.One), probe.Bind(h, sock.UDP, "", host.One6)}
	seen = append(seen, probe.Emit(h, h.Cable(), link.EveryProtocol("", nil, host.One, host.Two, host.One6))...)
	return append(seen, answers(h)...)
})...)

// answers asks a port without a listener and waits for the refusal, which Emit does not:
// whether one is there at once is up to the processor (gVisor hands segments to a goroutine of
// their own).
func answers(h *host.Host) observation.Set {
	return probe.Each([]netip.Addr{host.One, host.Two, host.One6}, func(a netip.Addr) observation.Observation {
		p := probe.Begin(h, "connect", "tcp", "answer", a.String())
		s, err := p.Socket(sock.FamilyOf(a), sock.TCP)
		if err == nil {
			err = s.Connect(netip.AddrPortFrom(a, closed), min(h.Wait, sock.Impatience))
		}
		return p.End(err)
	})
}

// closed is a port without a listener in a private host.
const closed = 7

// withLoDown reads whether anything left over the cable, and whether anything still looped back: a
// segment to a port without a listener is refused only by a host that received it.
func withLoDown(seen observation.Set) claim.Answer {
	crossed := link.Crossed(seen)
	answered := seen.Op("connect").Where(func(o observation.Observation) bool {
		return o.Outcome == observation.Refused || o.Outcome == observation.OK
	})
	switch {
	case len(seen.Op("wire")) == 0:
		return claim.Unclear("nothing was sent: %s", link.List(seen.Errors()))
	case slices.ContainsFunc(crossed.Targets(), isIPv4):
		return claim.Shows("leaks", "%s", link.Frames(crossed))
	case len(crossed) > 0:
		return claim.Shows("leaks-ipv6", "%s", link.Frames(crossed))
	case len(answered) > 0 && !slices.ContainsFunc(answered.Targets(), isIPv4):
		return claim.Shows("only-ipv6-works", "%s answered", link.List(answered.Targets()))
	case len(answered) > 0:
		return claim.Shows("works", "%s answered", link.List(answered.Targets()))
	default:
		return claim.Shows("fails-closed", "%s", link.List(seen.Errors()))
	}
}

func isIPv4(target string) bool {
	a, err := netip.ParseAddr(target)
	return err == nil && a.Is4()
}
