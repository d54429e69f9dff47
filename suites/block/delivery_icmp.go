package block

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.block.delivery.icmp",
	Family: claim.Block,
	Level:  claim.Stated,
	Source: claim.Source{References: append([]claim.Reference{claim.RFC(1122, "3.2.2.6")}, loopsBack().References...),
		Note: `RFC 1122 3.2.2.6: "Every host MUST implement an ICMP Echo server function"; ` + loopsBack().Note},
	Sentence:   "An ICMP echo request to any address of 127.0.0.0/8 is answered.",
	Question:   "Does ping 127.0.0.2 work without any set-up?",
	Gates:      []claim.Gate{claim.Unprivileged, claim.Privileged},
	Fault:      "icmp-only-127.0.0.1",
	Behaviours: extents("answers ICMP echo requests"),
	Rule:       extent("echo"),
}, func(h *host.Host) observation.Set {
	addrs, seen := tried(h)
	return append(seen, probe.Echo(h, addrs)...)
})
