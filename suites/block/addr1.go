package block

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:       "v4.addr1.delivery",
	Family:   claim.Block,
	Level:    claim.Stated,
	Source:   loopsBack(),
	Sentence: "TCP, UDP and ICMP echo to 127.0.0.1 are delivered inside the host.",
	Question: "Does 127.0.0.1 work at all?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "no-127.0.0.1",
	Behaviours: []claim.Behaviour{
		{Word: "delivered", Means: "TCP, UDP and ICMP echo all arrive and are answered", Conforms: true},
		{Word: "tcp+udp", Means: "TCP and UDP arrive; this process had no means of sending an echo request", Conforms: true},
		rewritten(),
		{Word: "partial", Means: "some of TCP, UDP and ICMP echo arrive, others don't"},
		{Word: "none", Means: "nothing arrives"},
	},
	Rule: reaching("connect", reached),
}, func(h *host.Host) observation.Set {
	one := []netip.Addr{host.One}
	var tcp, udp, icmp observation.Set
	// TCP goes beside the other two, so that a silent 127.0.0.1 costs one deadline.
	probe.Beside(func() { tcp = probe.DialOwn(h, onAddress, one) }, func() {
		udp = probe.SendAlone(h, onAddress)
		icmp = probe.TryEcho(h, one)
	})
	return slices.Concat(tcp, udp, icmp)
})

// reached reads which of the three protocols got through to a single address.
func reached(seen observation.Set) claim.Answer {
	ways := []observation.Set{seen.Op("connect"), seen.Op("send"), seen.Op("echo")}
	var good, tried int
	for _, way := range ways {
		if len(way) > 0 {
			tried++
		}
		if way.AllOK() {
			good++
		}
	}
	errs := strings.Join(append(ways[0].Errors(), append(ways[1].Errors(), ways[2].Errors()...)...), ", ")
	switch {
	case len(ways[0]) == 0 || len(ways[1]) == 0:
		return claim.Unclear("TCP or UDP was not tried")
	case good == 3:
		return claim.Shows("delivered", "TCP, UDP and ICMP echo")
	case good == 2 && tried == 2:
		return claim.Shows("tcp+udp", "no echo request could be sent: %s", strings.Join(seen.Op("socket").Errors(), ", "))
	case good == 0:
		return claim.Shows("none", "%s", errs)
	default:
		return claim.Shows("partial", "%d of %d protocols gave %s", tried-good, tried, errs)
	}
}
