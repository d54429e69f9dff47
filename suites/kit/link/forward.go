package link

import (
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Forwards are the behaviours of a router between two links.
func Forwards() []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "dropped", Means: "it was not seen on the other link, where an ordinary packet after it was", Conforms: true},
		{Word: "forwarded", Means: "it was seen on the other link"},
	}
}

// Forwarded reads from the observations of probe.Forward whether anything came out on the other
// link.
func Forwarded(seen observation.Set) claim.Answer {
	seen = seen.Op("forward")
	switch out := seen.Outcome(observation.OK); {
	case len(out) > 0:
		return claim.Shows("forwarded", "%s", which(out))
	case len(seen.Outcome(observation.Nothing)) == 0:
		return claim.Unclear("nothing was injected")
	default:
		return claim.Shows("dropped", "%d packets, of %s, did not come out", seen.Count(), Protocols(seen))
	}
}

// WithAndWithoutLo measures as the private host is, and once more without the addresses of lo: they
// make the block the host's own, and without them only a check keeps it from following the default
// route.
func WithAndWithoutLo(h *host.Host, measure func(variant string) observation.Set) observation.Set {
	lo := h.Lo()
	var seen observation.Set
	if len(lo.Addresses) > 0 {
		seen = measure("lo as it is")
	}
	for _, a := range lo.Addresses {
		h.Expect(h.Admin.Remove(lo.Index, a)).To(gomega.Succeed(), "take %s away from lo", a)
	}
	seen = append(seen, measure("no address on lo")...)
	for _, a := range lo.Addresses {
		h.Expect(h.Admin.Assign(lo.Index, a)).To(gomega.Succeed(), "put %s on lo", a)
	}
	return seen
}
