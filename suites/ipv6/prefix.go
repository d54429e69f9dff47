package ipv6

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:         "v6.lo.prefix",
	Family:     claim.IPv6,
	Level:      claim.Stated,
	Source:     loopback(),
	Sentence:   "The loopback interface carries ::1/128.",
	Question:   "How large is the loopback prefix of IPv6?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "::1-slash-64",
	Behaviours: link.Prefixes("::1/128"),
	Rule:       link.Carries("::1/128"),
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	return link.Addresses(h)
})
