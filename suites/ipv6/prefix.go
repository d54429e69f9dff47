package ipv6

import (
	"github.com/loopmatrix/loopmatrix/suites/claim"
	"github.com/loopmatrix/loopmatrix/suites/host"
	"github.com/loopmatrix/loopmatrix/suites/lo"
	"github.com/loopmatrix/loopmatrix/suites/observe"
	"github.com/loopmatrix/loopmatrix/suites/probe"
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
	Behaviours: lo.Prefixes("::1/128"),
	Rule:       lo.Carries("::1/128"),
}, func(h *host.Host) observe.Set {
	probe.NeedIPv6(h)
	return lo.Addresses(h)
})
