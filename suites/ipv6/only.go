package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:       "v6.lo.only",
	Family:   claim.IPv6,
	Level:    claim.Stated,
	Source:   loopback(),
	Sentence: "::2, ::3, ::ff and 0:0:0:1::1 are not loopback addresses.",
	Question: "Is there a second IPv6 loopback address, as 127.0.0.2 is in IPv4?",
	Headline: true,
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "::2-is-loopback",
	Behaviours: []claim.Behaviour{
		{Word: "only-::1", Means: "none of the other addresses is this host's", Conforms: true},
		{Word: "some", Means: "some of the other addresses are this host's"},
		{Word: "loopback", Means: "all of the other addresses are this host's"},
	},
	Rule: strangers("only-::1"),
}, func(h *host.Host) observation.Set {
	return identities(h, []netip.Addr{netip.MustParseAddr("::2"), netip.MustParseAddr("::3"),
		netip.MustParseAddr("::ff"), netip.MustParseAddr("0:0:0:1::1")})
})
