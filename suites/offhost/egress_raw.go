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
	ID:         "v4.egress.src.raw",
	Family:     claim.Offhost,
	Level:      claim.MustNot,
	Source:     outside("The documents make no exception for privileged processes, which systems usually trust with the header they write."),
	Sentence:   "A raw packet whose header names a source in 127.0.0.0/8 does not leave the host.",
	Question:   "Can root forge a packet from 127.0.0.1 to another host?",
	Gates:      []claim.Gate{claim.Privileged, claim.Neighbour},
	Behaviours: emits(),
	Rule:       rawSources,
	Fault:      "loopback-sources-dropped",
}, inBothWays(host.Arrangement{}, func(h *host.Host) observation.Set {
	c := h.Cable()
	all := link.EveryProtocol("", nil, c.Peer.IPv4, far)
	all = append(all, link.Tied("", sock.BindDevice, c.Index, c.Peer.IPv4)...)
	legal := link.EveryProtocol("", nil, c.Peer.IPv4)
	return append(link.Leaving(h, raw(c.Host.IPv4, legal)), probe.Emit(h, c, raw(host.One, all))...)
})...)

// raw lets emissions begin with a header of our own that has this source.
func raw(from netip.Addr, all []probe.Emission) []probe.Emission {
	all = link.From(from, all)
	for i := range all {
		all[i].Raw = true
	}
	return all
}

// rawSources is sources. EINVAL also means that a header is malformed: it is a refusal of the
// source only where the same packet with a source of this host leaves.
func rawSources(seen observation.Set) claim.Answer {
	answer := sources(seen)
	if answer.Word == "refused" && len(seen.Op(link.Control)) == 0 && len(seen.Outcome(observation.Invalid)) > 0 {
		return claim.Unclear("EINVAL, and no packet with a source of this host was tried")
	}
	return answer
}
