package block

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "v4.edge.high",
	Family: claim.Block,
	Level:  claim.Impl,
	Source: claim.Source{References: []claim.Reference{claim.RFC(1122, "3.2.1.3"), claim.RFC(1122, "4.2.3.10")},
		Note: "RFC 1122 3.2.1.3 (d) and (e) make an address whose host part is all ones a broadcast to a network or subnet, (g) makes " +
			"every 127 address a loopback address; nothing says which of them wins. By 4.2.3.10 TCP must reject a broadcast address."},
	Sentence:   "127.255.255.255 is a broadcast address of the loopback network.",
	Question:   "Is 127.255.255.255 an ordinary address, or a broadcast address?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "high-is-unicast",
	Behaviours: edges(),
	Rule:       edgeRule,
}, func(h *host.Host) observation.Set { return atEdge(h, host.High) })
