package inbound

import (
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// Forwards are the behaviours of a router between two links.
func Forwards() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: "it was not seen on the other link, where an ordinary packet after it was", Conforms: true},
		{Word: "forwarded", Means: "it was seen on the other link"},
	}
}

// Forwarded reads from the observations of probe.Forward whether anything came out on the other link.
func Forwarded(seen observe.Set) claim.Answer {
	seen = seen.Op("forward")
	switch out := seen.Outcome(observe.OK); {
	case len(out) > 0:
		return claim.Shows("forwarded", "%s", which(out))
	case len(seen.Outcome(observe.Nothing)) == 0:
		return claim.Unclear("nothing was injected")
	default:
		return claim.Shows("dropped", "%d packets, of %s, did not come out", seen.Count(), Protocols(seen))
	}
}

// WithAndWithoutLo measures as the private host is, and once more with lo taken down: what is the host's own then no
// longer keeps the address from the default route, and only a check of its own does.
func WithAndWithoutLo(h *host.Host, measure func(variant string) observe.Set) observe.Set {
	lo := h.Lo()
	if !lo.Up {
		return measure("lo down")
	}
	seen := measure("lo up")
	h.Expect(h.Admin.SetUp(lo.Index, false)).To(succeed(), "take lo down")
	seen = append(seen, measure("lo down")...)
	h.Expect(h.Admin.SetUp(lo.Index, true)).To(succeed(), "bring lo up")
	return seen
}
