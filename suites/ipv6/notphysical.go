package ipv6

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.InPrivate(claim.Claim{
	ID:     "v6.lo.notphysical",
	Family: claim.IPv6,
	Level:  claim.MustNot,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3")},
		Note: `"It must not be assigned to any physical interface."`},
	Sentence: "::1 can't be assigned to an interface that is not loopback.",
	Question: "Can I put ::1 on a network card?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "assigned", Means: "the system assigns ::1 to another interface"},
		{Word: claim.AnyErrno, Means: "the assignment fails with this errno", Conforms: true},
	},
	NoFault: "Linux refuses it for every interface that is not loopback (net/ipv6/addrconf.c, ipv6_add_addr), and nothing switches that off",
	Rule:    link.Assigned("assigned"),
}, claim.Part{Name: "a cable", In: host.Arrangement{Cables: 1}, Spec: func(h *host.Host) observation.Set {
	needLink(h)
	return link.Assign(h, netip.PrefixFrom(host.One6, 128))
}})
