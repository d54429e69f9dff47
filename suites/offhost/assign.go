package offhost

import (
	"net/netip"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var _ = claim.InPrivate(claim.Claim{
	ID:       "v4.assign.nonlo",
	Family:   claim.Offhost,
	Level:    claim.Impl,
	Source:   outside("RFC 1122 says where such an address may not appear, and not whether a system must refuse to configure it there."),
	Sentence: "An address of 127.0.0.0/8 cannot be assigned to an interface other than loopback.",
	Question: "Can I put 127.0.0.2 on my network card?",
	Gates:    []claim.Gate{claim.Privileged},
	Behaviours: []claim.Behaviour{
		{Word: "accepted", Means: "the system assigns the address"},
		{Word: claim.AnyErrno, Means: "the system refuses to assign the address"},
	},
	Rule:  link.Assigned("accepted"),
	Fault: "loopback-address-on-cable",
}, claim.Part{Name: "a cable", In: host.Arrangement{Cables: 1}, Spec: func(h *host.Host) observation.Set {
	return link.Assign(h, netip.MustParsePrefix("127.9.0.1/16"))
}})
