package offhost

import (
	"net/netip"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v4.egress.dst.noroute",
	Family: claim.Offhost,
	Level:  claim.MustNot,
	Source: outside(`RFC 1122 3.2.1.3(g): "Addresses of this form MUST NOT appear outside a host." It makes no exception for a host whose ` +
		"loopback interface is down. A reject route for 127.0.0.0/8, as the start scripts of NetBSD and OpenBSD make it, closes the way."),
	Sentence:   "A send to 127.0.0.0/8 puts nothing on an external link even if the loopback interface is down or has no route and a default route exists.",
	Question:   "If lo is down, do packets to 127.0.0.1 follow the default route?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: leaves(),
	Rule:       stays,
	Fault:      "loopback-rejected",
}, inBothWays(host.Arrangement{LoDown: true}, withoutLo)...)

var (
	whole  = netip.PrefixFrom(host.One, 8)
	narrow = netip.PrefixFrom(host.One, 32)
)

// withoutLo sends to the block in every state of lo in which its routes are not there, or only a
// part of them.
func withoutLo(h *host.Host) observation.Set {
	lo := h.Lo().Index
	seen := sendInState(h, "lo was never up")
	h.Expect(h.Admin.SetUp(lo, true)).To(gomega.Succeed(), "bring lo up")
	h.Expect(h.Admin.SetUp(lo, false)).To(gomega.Succeed(), "take lo down")
	seen = append(seen, sendInState(h, "lo was taken down")...)
	h.Expect(h.Admin.SetUp(lo, true)).To(gomega.Succeed(), "bring lo up again")
	if h.Admin.Remove(lo, whole) == nil { // what the system itself gave lo
		seen = append(seen, sendInState(h, "no address on lo")...)
	}
	h.Expect(h.Admin.Assign(lo, narrow)).To(gomega.Succeed(), "put 127.0.0.1/32 on lo")
	return append(seen, sendInState(h, "only 127.0.0.1/32 on lo")...)
}

func sendInState(h *host.Host, state string) observation.Set {
	return probe.Emit(h, h.Cable(), link.EveryProtocol(state, nil, host.One, host.Two, host.Debian))
}
