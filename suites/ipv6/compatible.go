package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.It(claim.Claim{
	ID:     "v6.compat",
	Family: claim.IPv6,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.5.1")},
		Note: "section 2.5.5.1 deprecates IPv4-compatible addresses; that ::127.0.0.1 is no loopback address follows from 2.5.3, which names ::1 alone"},
	Sentence: "The IPv4-compatible address ::127.0.0.1 is not a loopback address.",
	Question: "Is ::127.0.0.1 the same as 127.0.0.1?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "compatible-is-loopback",
	Behaviours: []claim.Behaviour{
		{Word: "not-loopback", Means: "::127.0.0.1 is none of this host's addresses", Conforms: true},
		{Word: "loopback", Means: "::127.0.0.1 is one of this host's addresses"},
		{Word: "some", Means: "only one of ::127.0.0.1 and ::127.0.0.2 is one of this host's addresses"},
	},
	Rule: strangers("not-loopback"),
}, func(h *host.Host) observation.Set {
	return identities(h, []netip.Addr{netip.MustParseAddr("::127.0.0.1"), netip.MustParseAddr("::127.0.0.2")})
})
