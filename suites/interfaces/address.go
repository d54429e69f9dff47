package interfaces

import (
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/link"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/probe"
)

var _ = claim.It(claim.Claim{
	ID:     "if.lo.v4",
	Family: claim.Interface,
	Level:  claim.Folk,
	Source: claim.Source{References: []claim.Reference{claim.RFC(5735, "3")},
		Note: `section 3 speaks of "only 127.0.0.1/32"; the /8 is what ifconfig, ip and netsh show nearly everywhere`},
	Sentence:   "The loopback interface carries 127.0.0.1/8.",
	Question:   "Which IPv4 address and prefix does lo have?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "lo-slash-32",
	Behaviours: link.Prefixes("127.0.0.1/8"),
	Rule:       link.Carries("127.0.0.1/8"),
}, link.Addresses)

var _ = claim.It(claim.Claim{
	ID:     "if.lo.v6",
	Family: claim.Interface,
	Level:  claim.Stated,
	Source: claim.Source{References: []claim.Reference{claim.RFC(4291, "2.5.3"), claim.RFC(6890, "2.2.3")},
		Note: "the same listing as v6.lo.prefix, asked as a fact about the interface"},
	Sentence:   "The loopback interface carries ::1/128.",
	Question:   "Can I count on ::1 being configured?",
	Gates:      []claim.Gate{claim.Unprivileged},
	Fault:      "lo-without-::1",
	Behaviours: link.Prefixes("::1/128"),
	Rule:       link.Carries("::1/128"),
}, func(h *host.Host) observation.Set {
	probe.NeedIPv6(h)
	return link.Addresses(h)
})
