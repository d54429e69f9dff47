package offhost

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var _ = claim.InPrivate(claim.Claim{
	ID:         "v4.egress.src.raw",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside("The documents make no exception for privileged processes, which systems usually trust with the header they write."),
	Sentence:   "A raw packet whose header names a source in 127.0.0.0/8 does not leave the host.",
	Question:   "Can root forge a packet from 127.0.0.1 to another host?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: emits(),
	Rule:       sources,
	Fault:      "loopback-sources-dropped",
}, inBothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	c := h.Cable()
	all := link.EveryProtocol("", nil, c.Peer.IPv4, far)
	all = append(all, link.Tied("", sock.BindDevice, c.Index, c.Peer.IPv4)...)
	for i := range all {
		all[i].From, all[i].Raw = host.One, true
	}
	return probe.Emit(h, c, all)
})...)
