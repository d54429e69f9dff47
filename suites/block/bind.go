package block

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.block.bind",
	Family: claim.Block,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(5735, "3")},
		Note: "section 3 suggests the opposite: ordinarily only 127.0.0.1/32 is implemented"},
	Sentence:   "An unprivileged process may bind any address of 127.0.0.0/8 with no configuration.",
	Question:   "Can I bind 127.0.0.2 without any set-up?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "only-127.0.0.1",
	Behaviours: extents("can be bound"),
	Rule:       extent("bind"),
}, func(h *host.Host) observation.Set {
	addrs, seen := tried(h)
	for _, t := range []sock.Type{sock.TCP, sock.UDP} {
		bind := func(to []netip.Addr) observation.Set {
			return probe.Each(to, func(a netip.Addr) observation.Observation { return probe.Bind(h, t, "", a) })
		}
		seen = append(seen, probe.Again(bind(addrs), addrs, bind)...)
	}
	return seen
})
