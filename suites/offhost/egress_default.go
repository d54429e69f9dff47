package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:         "v4.egress.dst.default",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside(""),
	Sentence:   "An ordinary send or connect to 127.0.0.0/8 puts nothing on an external link.",
	Question:   "Can an ordinary packet to 127.0.0.2 leave my machine?",
	Headline:   true,
	Gates:      []claim.Gate{claim.Unprivileged, claim.Neighbour},
	Behaviours: leaves(),
	Rule:       stays,
	Fault:      "copied-to-cable",
}, inBothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	named := h.Sample[:len(h.Sample)-host.RandomAddresses]
	all := link.EveryProtocol("", nil, append([]netip.Addr{host.Low}, named...)...)
	all = append(all, link.EveryProtocol("SO_BROADCAST", []probe.Option{{Name: sock.Broadcast, Value: 1}}, host.High)...)
	return probe.Emit(h, h.Cable(), all)
})...)
