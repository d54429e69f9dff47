package block

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.edge.low",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.3.6"), claim.RFC(1122, "3.2.1.3"), {
		Document: "draft-schoen-intarea-unicast-lowest-address",
		URL:      "https://datatracker.ietf.org/doc/draft-schoen-intarea-unicast-lowest-address/"}},
		Note: "An address whose host part is all zeros was 4.2BSD's broadcast address, which RFC 1122 tells hosts to recognise; the " +
			"draft (an individual one) asks for unicast. Linux changed from the one to the other in 5.14."},
	Sentence:   "127.0.0.0 behaves like any other loopback address.",
	Question:   "Is 127.0.0.0 an ordinary address, or a broadcast address?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "low-is-broadcast",
	Behaviours: edges(),
	Rule:       edgeRule,
}, func(h *host.Host) observation.Set { return atEdge(h, host.Low) })
